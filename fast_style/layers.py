"""Keras layers without weights; each maps `(B, H, W, C)` to the same layout."""

import contextlib

import keras
from keras import layers
from keras import ops
import numpy as np

# Primes, so that together they repeat only after millions of pixels. All of a
# tile is seen in one training crop of 128 pixels.
_NOISE_TILES = (61, 59, 53, 47, 43, 41, 37, 31)


@keras.saving.register_keras_serializable(package="fast_style")
class ReflectionPadding2D(layers.Layer):
    """Mirrors the image outward at its borders, without repeating the edge.

    Args:
        padding: Pixels to add on each of the four sides. Height and width of
            the input must be larger than this.
        **kwargs: Arguments of the base layer, such as `name`.

    Input shape:
        `(B, H, W, C)`.

    Output shape:
        `(B, H + 2 * padding, W + 2 * padding, C)`.
    """

    def __init__(self, padding: int, **kwargs):
        super().__init__(**kwargs)
        self.padding = padding
        self.input_spec = layers.InputSpec(ndim=4)

    def call(self, inputs):
        sides = (self.padding, self.padding)
        return ops.pad(inputs, ((0, 0), sides, sides, (0, 0)), mode="reflect")

    def compute_output_shape(self, input_shape):
        batch, height, width, channels = input_shape
        added = 2 * self.padding
        height = None if height is None else height + added
        width = None if width is None else width + added
        return (batch, height, width, channels)

    def get_config(self):
        return {**super().get_config(), "padding": self.padding}


@keras.saving.register_keras_serializable(package="fast_style")
class BilinearUpsampling2D(layers.Layer):
    """Doubles height and width with bilinear interpolation.

    As `keras.layers.UpSampling2D(interpolation="bilinear")`, which cannot be
    traced for unknown height and width (Keras 3.15).

    Input shape:
        `(B, H, W, C)`.

    Output shape:
        `(B, 2 * H, 2 * W, C)`.
    """

    def call(self, inputs):
        _, height, width, _ = ops.shape(inputs)
        size = (2 * height, 2 * width)
        # XLA's gradient of a resize in bfloat16 is wrong by many orders.
        x = ops.cast(inputs, "float32")
        if isinstance(height, int) and isinstance(width, int):
            x = ops.image.resize(x, size, data_format="channels_last")
            return ops.cast(x, inputs.dtype)
        # Sizes are unknown in graphs of TensorFlow only. Keras compares them
        # with 0 and fails; TensorFlow's own function does not.
        import tensorflow as tf

        return tf.cast(tf.image.resize(x, size), inputs.dtype)

    def compute_output_shape(self, input_shape):
        batch, height, width, channels = input_shape
        height = None if height is None else 2 * height
        width = None if width is None else 2 * width
        return (batch, height, width, channels)


@keras.saving.register_keras_serializable(package="fast_style")
class ConcatenateNoise(layers.Layer):
    """Adds channels of noise, the same in each call and each program.

    A convolution sees no difference between one place of a plain sky and
    another; from the noise it knows where to put a stroke. Each channel is a
    square of normally distributed numbers, laid side by side; the squares'
    sides are different primes. `shifted_noise` moves it, for training.

    Args:
        channels: How many to add, 1 to 8.
        **kwargs: Arguments of the base layer, such as `name`.

    Raises:
        ValueError: If `channels` is not 1 to 8.

    Input shape:
        `(B, H, W, C)`.

    Output shape:
        `(B, H, W, C + channels)`.

    References:
        Noise as the source of texture: Ulyanov et al., 2016,
        https://arxiv.org/abs/1603.03417. Theirs is drawn anew in each call.
    """

    def __init__(self, channels: int, **kwargs):
        if not 1 <= channels <= len(_NOISE_TILES):
            raise ValueError(
                f"`channels` must be at least 1 and at most {len(_NOISE_TILES)}. "
                f"Received: channels={channels!r}"
            )
        super().__init__(**kwargs)
        self.channels = channels
        self.offset = (0, 0)
        self.input_spec = layers.InputSpec(ndim=4)
        # A stream that NumPy promises never to change.
        random = np.random.RandomState(0)
        self._tiles = [
            random.standard_normal((side, side)).astype("float32")
            for side in _NOISE_TILES[:channels]
        ]

    def call(self, inputs):
        _, height, width, _ = ops.shape(inputs)
        noise = []
        for tile in self._tiles:
            side = len(tile)
            rows = (ops.arange(height, dtype="int32") + self.offset[0]) % side
            columns = (ops.arange(width, dtype="int32") + self.offset[1]) % side
            noise.append(ops.take(ops.take(tile, rows, axis=0), columns, axis=1))
        noise = ops.cast(ops.stack(noise, axis=-1), inputs.dtype)[None]
        return ops.concatenate(
            [inputs, noise + ops.zeros_like(inputs[..., :1])], axis=-1
        )

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] + self.channels)

    def get_config(self):
        return {**super().get_config(), "channels": self.channels}


@contextlib.contextmanager
def shifted_noise(model: keras.Model, offset):
    """Moves the noise of a model while the block lasts.

    Noise that is the same in each step of a training tells the generator where in
    the crop it is, and it hides colours that the style wants in a corner.

    Args:
        model: A generator, with `ConcatenateNoise` layers or without.
        offset: Rows and columns, 0 or more; numbers or scalar tensors.
    """
    noise_layers = [x for x in model.layers if isinstance(x, ConcatenateNoise)]
    for layer in noise_layers:
        layer.offset = offset
    try:
        yield
    finally:
        for layer in noise_layers:
            layer.offset = (0, 0)


@keras.saving.register_keras_serializable(package="fast_style")
class PadToMultiple(layers.Layer):
    """Mirrors the image outward below and to the right, to a size that divides.

    Unlike a plain reflection it goes back and forth as often as it must, so
    that even a 1x1 image works: a row `a b c` becomes `a b c b a b c b ...`.

    Args:
        multiple: Height and width of the output are multiples of this.
        minimum: And at least this many pixels.
        **kwargs: Arguments of the base layer, such as `name`.

    Input shape:
        `(B, H, W, C)`.

    Output shape:
        `(B, H', W', C)`, `H' >= H` and `W' >= W`.
    """

    def __init__(self, multiple: int, minimum: int, **kwargs):
        super().__init__(**kwargs)
        self.multiple = multiple
        self.minimum = minimum
        self.input_spec = layers.InputSpec(ndim=4)

    def call(self, inputs):
        _, height, width, _ = ops.shape(inputs)
        x = ops.take(inputs, self._mirrored_indices(height), axis=1)
        return ops.take(x, self._mirrored_indices(width), axis=2)

    def _mirrored_indices(self, size):
        positions = ops.arange(self._padded(size), dtype="int32")
        period = ops.maximum(2 * (size - 1), 1)
        folded = positions % period
        return ops.minimum(folded, period - folded)

    def _padded(self, size):
        multiples = (size + self.multiple - 1) // self.multiple * self.multiple
        if isinstance(size, int):
            return max(multiples, self.minimum)
        return ops.maximum(multiples, self.minimum)

    def compute_output_shape(self, input_shape):
        batch, height, width, channels = input_shape
        height = None if height is None else self._padded(height)
        width = None if width is None else self._padded(width)
        return (batch, height, width, channels)

    def get_config(self):
        config = {"multiple": self.multiple, "minimum": self.minimum}
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable(package="fast_style")
class CropLike(layers.Layer):
    """Cuts an image off below and to the right to the size of another.

    The other half of `PadToMultiple`. Called with a pair `(images, others)`.

    Input shape:
        `(B, H', W', C)` and `(B, H, W, D)` with `H <= H'` and `W <= W'`.

    Output shape:
        `(B, H, W, C)`.
    """

    def call(self, inputs):
        images, others = inputs
        _, height, width, _ = ops.shape(others)
        return images[:, :height, :width, :]

    def compute_output_shape(self, input_shape):
        images, others = input_shape
        return (images[0], others[1], others[2], images[3])
