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
    return _add_shifted(rows, height, filters)


def _add_shifted(rows, height, filters):
    """Adds up the rows of a kernel, each shifted by its place; float32."""

    @ops.custom_gradient
    def add(rows):
        exact = ops.cast(rows, "float32")  # A sum of many in 16 bits is coarse.
        height_out = ops.shape(rows)[1] - height + 1
        outputs = sum(
            exact[:, row : row + height_out, :, row * filters : (row + 1) * filters]
            for row in range(height)
        )

        def backward(upstream):
            # Automatic differentiation fills and adds up one array per row.
            upstream = ops.cast(upstream, rows.dtype)
            shifted = [
                ops.pad(upstream, ((0, 0), (row, height - 1 - row), (0, 0), (0, 0)))
                for row in range(height)
            ]
            return ops.concatenate(shifted, axis=-1)

        return outputs, backward

    return add(rows)
