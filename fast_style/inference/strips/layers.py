"""Layers of the generator, which compute any rows that are asked for.

In NumPy, but for convolution and upsampling, with which TensorFlow is three to four
times as fast. Each has `height`, `width`, `channels`, and `rows(begin, end)`, which
returns a new float32 array `(end - begin, width, channels)`. What it needs it asks of
its source.
"""

import numpy as np
import tensorflow as tf

from fast_style.models.architectures import EPSILON
from fast_style.models.architectures import mirror_to_multiple


class Photo:
    """The photo in [-1, 1], mirrored below and to the right to the network's sizes.

    Args:
        picture: `PictureRows`.
        stride: Stride of the network.
    """

    channels = 3

    def __init__(self, picture, stride):
        self._picture = picture
        sizes = picture.height, picture.width
        self._row_of, self._column_of = (
            np.array(mirror_to_multiple(size, stride)) for size in sizes
        )
        self.height, self.width = len(self._row_of), len(self._column_of)

    def rows(self, begin, end):
        rows = self._picture.rows(self._row_of[begin:end])[:, self._column_of]
        return rows / np.float32(127.5) - np.float32(1)


class Convolution:
    """A convolution behind a reflection by half the kernel.

    Args:
        source: Layer.
        kernel: `(size, size, C_in, filters)`, size odd.
        bias: `(filters,)`, or None.
        stride: Of rows and columns.
    """

    def __init__(self, source, kernel, bias=None, *, stride=1):
        self._source, self._bias, self._stride = source, bias, stride
        self._size, _, _, self.channels = kernel.shape
        self._kernel = tf.constant(kernel)
        self.height = (source.height - 1) // stride + 1
        self.width = (source.width - 1) // stride + 1

    def rows(self, begin, end):
        stride, size, half = self._stride, self._size, self._size // 2
        needed = np.arange(begin * stride - half, (end - 1) * stride + size - half)
        needed = _reflect(needed, self._source.height)
        first = needed.min()
        inputs = self._source.rows(first, needed.max() + 1)
        if len(inputs) != len(needed):  # Some are mirrored.
            inputs = inputs[needed - first]
        columns = ((0, 0), (0, 0), (half, half), (0, 0))
        padded = tf.pad(inputs[None], columns, "REFLECT")
        outputs = tf.nn.conv2d(padded, self._kernel, stride, "VALID")[0].numpy()
        return outputs if self._bias is None else outputs + self._bias


def _reflect(indices, size):
    indices = np.abs(indices)
    return np.minimum(indices, 2 * (size - 1) - indices)


class Normalization:
    """Instance normalization with known statistics, and ReLU.

    Args:
        source: Layer.
        moments: Mean and variance of each channel of the source.
        gamma: Scale of each channel.
        beta: Shift of each channel.
        has_relu: Whether negative numbers become 0.
    """

    def __init__(self, source, moments, gamma, beta, *, has_relu=True):
        self._source, self._has_relu = source, has_relu
        mean, variance = moments
        scale = gamma / np.sqrt(variance + EPSILON)
        self._mean, self._scale = np.float32(mean), np.float32(scale)
        self._beta = np.float32(beta)
        self.height, self.width = source.height, source.width
        self.channels = source.channels

    def rows(self, begin, end):
        rows = self._source.rows(begin, end)
        rows -= self._mean
        rows *= self._scale
        rows += self._beta
        return np.maximum(rows, 0, out=rows) if self._has_relu else rows


class Sum:
    """The sum of two layers of one shape."""

    def __init__(self, source, other):
        self._sources = source, other
        self.height, self.width = source.height, source.width
        self.channels = source.channels

    def rows(self, begin, end):
        rows, others = (source.rows(begin, end) for source in self._sources)
        rows += others
        return rows


class Concatenated:
    """The channels of two layers of one height and width."""

    def __init__(self, source, other):
        self._sources = source, other
        self.height, self.width = source.height, source.width
        self.channels = source.channels + other.channels

    def rows(self, begin, end):
        sources = [source.rows(begin, end) for source in self._sources]
        return np.concatenate(sources, axis=-1)


class Noise:
    """The generator's noise, of the height and width of a layer."""

    def __init__(self, source, tiles):
        self.height, self.width = source.height, source.width
        self.channels = len(tiles)
        self._tiles = tiles

    def rows(self, begin, end):
        rows, columns = np.arange(begin, end), np.arange(self.width)
        channels = [
            tile[(rows % len(tile))[:, None], columns % len(tile)]
            for tile in self._tiles
        ]
        return np.stack(channels, axis=-1)


class Upsampling:
    """Twice the height and width.

    Args:
        source: Layer.
        interpolation: `"nearest"` or `"bilinear"`.
    """

    def __init__(self, source, interpolation):
        self._source, self._interpolation = source, interpolation
        self.height, self.width = 2 * source.height, 2 * source.width
        self.channels = source.channels

    def rows(self, begin, end):
        # The row beyond each end has a part in it.
        first = max(begin // 2 - 1, 0)
        rows = self._source.rows(first, min((end + 1) // 2 + 1, self._source.height))
        size = (2 * len(rows), self.width)
        wide = tf.image.resize(rows[None], size, self._interpolation)[0]
        return wide[begin - 2 * first : end - 2 * first].numpy()
