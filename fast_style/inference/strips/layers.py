"""Layers of the generator in NumPy, which compute any rows that are asked for.

Each has `height`, `width`, `channels`, and `rows(begin, end)`, which returns a new
float32 array `(end - begin, width, channels)`. What it needs it asks of its source.
"""

import numpy as np

from fast_style.models.architectures import EPSILON
from fast_style.models.architectures import mirror_to_multiple
from fast_style.models.noise_tiles import make_noise_tiles


class Photo:
    """The photo in [-1, 1], mirrored below and to the right to the network's sizes.

    Args:
        picture: `PictureRows`.
    """

    channels = 3

    def __init__(self, picture):
        self._picture = picture
        sizes = picture.height, picture.width
        self._row_of, self._column_of = map(mirror_to_multiple, sizes)
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
        # A matrix for each row of the kernel.
        self._matrices = kernel.reshape(self._size, -1, self.channels)
        self.height = (source.height - 1) // stride + 1
        self.width = (source.width - 1) // stride + 1

    def rows(self, begin, end):
        stride, size, half = self._stride, self._size, self._size // 2
        needed = np.arange(begin * stride - half, (end - 1) * stride + size - half)
        needed = _reflect(needed, self._source.height)
        first = needed.min()
        inputs = self._source.rows(first, needed.max() + 1)
        inputs = inputs[needed - first] if needed.ndim else inputs
        windows = self._gather_columns(inputs)
        outputs = np.zeros((end - begin, self.width, self.channels), "float32")
        for row, matrix in enumerate(self._matrices):
            last = row + (end - begin - 1) * stride + 1
            outputs += windows[row:last:stride] @ matrix
        return outputs if self._bias is None else outputs + self._bias

    def _gather_columns(self, inputs):
        """Puts the columns that a kernel's row sees beside each other."""
        half = self._size // 2
        columns = _reflect(
            np.arange(-half, self._source.width + half), self._source.width
        )
        padded = inputs[:, columns]
        last = (self.width - 1) * self._stride + 1
        return np.concatenate(
            [padded[:, i : i + last : self._stride] for i in range(self._size)], axis=-1
        )


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

    def __init__(self, source, channels):
        self.height, self.width = source.height, source.width
        self.channels = channels
        self._tiles = make_noise_tiles(channels)

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
        self._source, self._is_nearest = source, interpolation == "nearest"
        self.height, self.width = 2 * source.height, 2 * source.width
        self.channels = source.channels

    def rows(self, begin, end):
        if self._is_nearest:
            rows = self._source.rows(begin // 2, (end + 1) // 2)
            rows = rows.repeat(2, axis=0)[begin % 2 :][: end - begin]
            return rows.repeat(2, axis=1)
        # Pixel 2i lies a quarter before pixel i of the source, 2i + 1 one behind.
        first = max((begin + 1) // 2 - 1, 0)
        last = min(end // 2 + 1, self._source.height)
        rows = self._source.rows(first, last)
        outputs = np.arange(begin, end)
        near = outputs // 2 - first
        far = np.clip(near + 2 * (outputs % 2) - 1, 0, len(rows) - 1)
        rows = np.float32(0.75) * rows[near] + np.float32(0.25) * rows[far]
        left = np.concatenate([rows[:, :1], rows[:, :-1]], axis=1)
        right = np.concatenate([rows[:, 1:], rows[:, -1:]], axis=1)
        wide = np.empty((end - begin, self.width, self.channels), "float32")
        wide[:, ::2] = np.float32(0.75) * rows + np.float32(0.25) * left
        wide[:, 1::2] = np.float32(0.75) * rows + np.float32(0.25) * right
        return wide
