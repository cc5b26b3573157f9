"""A convolution that trains faster on CPUs where it has few filters."""

import keras
from keras import layers
from keras import ops


@keras.saving.register_keras_serializable(package="fast_style")
class Conv2D(layers.Conv2D):
    """Keras' `Conv2D`, faster in training where it has few filters.

    Libraries for CPUs pad few filters with zeros, and their gradients are slow. So in
    training the rows of the kernel are computed as one convolution with many filters,
    and its outputs are shifted and added. With padding, strides, dilation or groups,
    and in inference, this is Keras' own layer.

    It has the name of Keras' class, since `.keras` files name weights by it.

    Args:
        filters: Number of output channels.
        kernel_size: Height and width of the kernel.
        **kwargs: Other arguments of Keras' `Conv2D`.

    Input shape:
        `(B, H, W, C)`.

    Output shape:
        `(B, H - kernel_size + 1, W - kernel_size + 1, filters)`.
    """

    def call(self, inputs, training=False):
        options = (self.padding, *self.strides, *self.dilation_rate, self.groups)
        if not training or options != ("valid", 1, 1, 1, 1, 1):
            return super().call(inputs)
        outputs = _convolve_by_rows(inputs, ops.convert_to_tensor(self.kernel))
        if self.use_bias:
            outputs = outputs + ops.cast(self.bias, "float32")
        return self.activation(ops.cast(outputs, inputs.dtype))


def _convolve_by_rows(inputs, kernel):
    height, width, channels, filters = kernel.shape
    kernel = ops.transpose(kernel, (1, 2, 0, 3))
    kernel = ops.reshape(kernel, (1, width, channels, height * filters))
    rows = ops.conv(inputs, ops.cast(kernel, inputs.dtype), padding="valid")
    rows = ops.cast(rows, "float32")  # A sum of many in 16 bits is coarse.
    height_out = ops.shape(inputs)[1] - height + 1
    return sum(
        rows[:, row : row + height_out, :, row * filters : (row + 1) * filters]
        for row in range(height)
    )
