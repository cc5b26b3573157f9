"""Instance normalization, with a gradient that is fast on a CPU."""

import keras
from keras import layers
from keras import ops


@keras.saving.register_keras_serializable(package="fast_style")
class InstanceNormalization(layers.Layer):
    """Normalizes each channel of each image by itself.

    No statistics are shared between images, so an image is stylized the same
    alone and in a batch, in training and in inference.

    Args:
        epsilon: Positive float added to the variance.
        gamma_initializer: Initializer of the scale of each channel.
        num_conditions: Scales and shifts of which each image has a mixture, by the
            shares `(B, num_conditions)` that the layer is called with beside the
            image; 0: one for all images.
        **kwargs: Arguments of the base layer, such as `name`.

    Input shape:
        `(B, H, W, C)`, with conditions a list of it and `(B, num_conditions)`. `C` must
        be known, `H` and `W` may vary.

    Output shape:
        Same as the input.

    References:
        Ulyanov et al., 2016, https://arxiv.org/abs/1607.08022
        With conditions: Dumoulin et al., 2017, https://arxiv.org/abs/1610.07629
    """

    def __init__(
        self,
        epsilon: float = 1e-5,
        gamma_initializer: str = "ones",
        num_conditions: int = 0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.epsilon = epsilon
        self.gamma_initializer = gamma_initializer
        self.num_conditions = num_conditions

    def build(self, input_shape):
        initializer = self.gamma_initializer
        if self.num_conditions:
            shape = (self.num_conditions, input_shape[0][-1])
        else:
            shape = (input_shape[-1],)
        self.gamma = self.add_weight(shape, initializer=initializer, name="gamma")
        self.beta = self.add_weight(shape, initializer="zeros", name="beta")

    def call(self, inputs, training=False):
        gamma, beta = (ops.cast(x, "float32") for x in (self.gamma, self.beta))
        if self.num_conditions:
            inputs, shares = inputs
            shares = ops.cast(shares, "float32")
            gamma, beta = (
                ops.matmul(shares, table)[:, None, None] for table in (gamma, beta)
            )
        # A mean over a megapixel needs more digits than 16 bits have, and so does
        # the difference of a pixel from it.
        x = ops.cast(inputs, "float32")
        if training:
            x = _normalize_for_training(x, gamma, beta, self.epsilon)
        else:
            # Without a custom gradient, whose operations converters do not know.
            centered, inverse = _center(x, self.epsilon)
            x = centered * (gamma * inverse) + beta
        return ops.cast(x, inputs.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape[0] if self.num_conditions else input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "epsilon": self.epsilon,
            "gamma_initializer": self.gamma_initializer,
            "num_conditions": self.num_conditions,
        }


def _center(x, epsilon):
    mean, variance = ops.moments(x, axes=(1, 2), keepdims=True)
    return x - mean, ops.rsqrt(variance + epsilon)


def _normalize_for_training(x, gamma, beta, epsilon):
    """Normalizes, with a gradient in fewer passes than automatic differentiation's."""

    @ops.custom_gradient
    def normalize(x, gamma, beta):
        centered, inverse = _center(x, epsilon)

        def backward(upstream):
            sums = ops.sum(upstream, axis=(1, 2), keepdims=True)
            products = inverse * ops.sum(
                upstream * centered, axis=(1, 2), keepdims=True
            )
            _, height, width, _ = ops.shape(x)
            num_pixels = ops.cast(height * width, "float32")
            slope = inverse * products / num_pixels
            gradient = upstream - centered * slope - sums / num_pixels
            if len(gamma.shape) == 4:  # Of each image.
                return gradient * (gamma * inverse), products, sums
            return (
                gradient * (gamma * inverse),
                ops.sum(products, axis=(0, 1, 2)),
                ops.sum(sums, axis=(0, 1, 2)),
            )

        return centered * (gamma * inverse) + beta, backward

    return normalize(x, gamma, beta)
