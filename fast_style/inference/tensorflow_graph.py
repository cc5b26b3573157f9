"""A generator as a TensorFlow function, with its weights as constants.

Keras' layers leave to TensorFlow what it does slowly on a CPU: normalization in many
passes, and a last convolution to three channels.
"""

import tensorflow as tf

from fast_style.inference.folding import split_transposed
from fast_style.inference.network import paint
from fast_style.inference.tensorflow_conditions import blend
from fast_style.inference.tensorflow_conditions import choose_rows
from fast_style.inference.tensorflow_conditions import make_choice_specs
from fast_style.models.architectures import EPSILON
from fast_style.models.architectures import MINIMUM_SIZE
from fast_style.models.style_files import TrainedStyle


def make_function(
    style: TrainedStyle,
    *,
    dtype: str = "float32",
    size: tuple[int, int] | None = None,
    is_seen: bool = False,
):
    """Makes a function of tensors.

    Args:
        style: What `read_style` returned.
        dtype: In which convolutions compute, `"float32"`, `"float16"` or `"bfloat16"`.
        size: `(H, W)` of the one image that it takes; None: any batch and size.
        is_seen: As in `make_choice_specs`.

    Returns:
        A `tf.function` from float32 images `(B, H, W, 3)` in [0, 255] to stylized ones;
        traced once, safe to call from many threads. `make_choice_specs` says what it
        takes beside them, where there is a choice.
    """
    operators = TensorFlowOperators(dtype)

    def stylize(images, *choice):
        photo = tf.cast(pad_to_multiple(images, style.architecture.stride), dtype)
        shares = choose_rows(style, *choice) if choice else None
        stylized = paint(style, photo, operators, shares)
        height, width = tf.unstack(tf.shape(images)[1:3])
        stylized = tf.ensure_shape(stylized[:, :height, :width], (*images.shape[:3], 3))
        return blend(style, images, stylized, choice[1]) if choice else stylized

    shape = (1, *size, 3) if size else (None, None, None, 3)
    signature = [tf.TensorSpec(shape, tf.float32, name="images")]
    signature += make_choice_specs(style, shape[0], is_seen=is_seen)
    # Without AutoGraph, which would take a second to read code that has no need of it.
    return tf.function(stylize, input_signature=signature, autograph=False)


def make_array_function(style: TrainedStyle, *, dtype: str = "float32"):
    """The same of NumPy arrays; see `make_function`."""
    function = make_function(style, dtype=dtype).get_concrete_function()
    return lambda images: function(tf.convert_to_tensor(images)).numpy()


class TensorFlowOperators:
    """The steps of `network.paint`, in TensorFlow: tensors `(B, H, W, C)`.

    Args:
        dtype: In which convolutions compute.
    """

    def __init__(self, dtype: str = "float32"):
        self._dtype = dtype

    def scale(self, x, factor):
        return x * factor

    def pad(self, x, padding, mode):
        if mode == "reflect":
            sides = (padding, padding)
            return tf.pad(x, ((0, 0), sides, sides, (0, 0)), "REFLECT")
        if padding != 1:
            raise ValueError(f"TensorFlow repeats an edge once, not {padding} times.")
        return tf.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), "SYMMETRIC")

    def convolve(self, x, kernel, *, bias=None, stride=1):
        x = tf.nn.conv2d(x, tf.constant(kernel, self._dtype), stride, "VALID")
        return x if bias is None else tf.nn.bias_add(x, tf.constant(bias, self._dtype))

    def subtract_corner(self, x):
        return x - x[:, :1, :1]

    def convolve_transposed(self, x, kernel):
        # TensorFlow's own is as fast in float32, and seven times slower in bfloat16.
        x = self.convolve(x, split_transposed(kernel))
        return self.depth_to_space(x)[:, 1:-1, 1:-1]

    def mix(self, shares, table):
        return tf.matmul(shares, tf.constant(table))

    def normalize(self, x, gamma, beta, *, has_relu):
        # Normalization over a batch, which CPUs do in one operator, where each channel
        # of each image is a channel of one large image. With one image in the batch
        # nothing moves in memory.
        batch, height, width = tf.unstack(tf.shape(x)[:3])
        channels = x.shape[-1]
        # In 16 bits it is slow with few channels.
        columns = tf.transpose(tf.cast(x, tf.float32), (1, 2, 0, 3))
        columns = tf.reshape(columns, (1, height, width, batch * channels))
        scale, offset = (
            tf.reshape(each, [-1]) if tf.is_tensor(each) else tf.tile(each, [batch])
            for each in (gamma, beta)
        )
        y = tf.raw_ops.FusedBatchNormV3(
            x=columns,
            scale=scale,
            offset=offset,
            mean=[],
            variance=[],
            epsilon=EPSILON,
            is_training=True,
        ).y
        y = tf.nn.relu(y) if has_relu else y
        y = tf.reshape(y, (height, width, batch, channels))
        y = tf.ensure_shape(tf.transpose(y, (2, 0, 1, 3)), x.shape)
        return tf.cast(y, x.dtype)

    def add(self, x, y):
        return x + y

    def concatenate(self, x, y):
        return tf.concat((x, y), axis=-1)

    def join_noise(self, x, tiles):
        return join_noise(x, tiles)

    def upsample(self, x, interpolation):
        size = 2 * tf.shape(x)[1:3]
        return tf.cast(tf.image.resize(x, size, method=interpolation), x.dtype)

    def to_levels(self, x, gain):
        levels = 127.5 + gain * tf.tanh(tf.cast(x, tf.float32))
        return tf.clip_by_value(levels, 0.0, 255.0) if gain > 127.5 else levels

    def depth_to_space(self, x):
        return tf.nn.depth_to_space(x, 2)


def join_noise(x, tiles, row=0):
    """Joins channels of noise to those of `x`, `(B, H, W, C)`.

    Args:
        x: Tensor.
        tiles: Squares of noise, as `make_noise_tiles` returns them.
        row: Number of the first row of `x` in the whole picture.
    """
    batch, height, width = tf.unstack(tf.shape(x)[:3])
    row = tf.cast(row, tf.int32)
    channels = []
    for tile in tiles:
        rows, columns = (
            (row + tf.range(height)) % len(tile),
            tf.range(width) % len(tile),
        )
        channels.append(tf.gather(tf.gather(tile, rows), columns, axis=1))
    noise = tf.cast(tf.stack(channels, axis=-1), x.dtype)
    return tf.concat((x, tf.tile(noise[None], (batch, 1, 1, 1))), axis=-1)


def pad_to_multiple(images, stride):
    """Pads images `(B, H, W, C)` as `mirror_to_multiple` says."""
    for axis in (1, 2):
        size = tf.shape(images)[axis]
        padded = tf.maximum((size + stride - 1) // stride * stride, MINIMUM_SIZE)
        period = tf.maximum(2 * (size - 1), 1)
        folded = tf.range(padded) % period
        images = tf.gather(images, tf.minimum(folded, period - folded), axis=axis)
    return images
