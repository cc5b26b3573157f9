"""Upsampling without weights."""

import keras
from keras import layers
from keras import ops


@keras.saving.register_keras_serializable(package="fast_style")
class BilinearUpsampling2D(layers.Layer):
    """Doubles height and width with bilinear interpolation.

    Same as `keras.layers.UpSampling2D(interpolation="bilinear")`, which cannot be
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
