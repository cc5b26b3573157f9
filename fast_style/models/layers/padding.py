"""Layers that pad and crop."""

import keras
from keras import layers
from keras import ops


@keras.saving.register_keras_serializable(package="fast_style")
class ReflectionPadding2D(layers.Layer):
    """Pads images by reflection, without repeating the edge.

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
class PadToMultiple(layers.Layer):
    """Pads images by reflection, below and to the right, to a multiple of some size.

    Reflection is repeated as often as needed, so that even a 1x1 image can be
    padded: a row `a b c` becomes `a b c b a b c b ...`.

    Args:
        multiple: Height and width of the output are multiples of this.
        minimum: Height and width of the output are at least this.
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
    """Crops images below and to the right to the height and width of others.

    Undoes `PadToMultiple`. Called with a pair `(images, others)`.

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
