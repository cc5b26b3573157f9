"""The convolution that loss networks share."""

import keras
from keras import ops

MODES = {"zeros": "constant", "symmetric": "symmetric"}


def convolve(x, kernel, padding: str, strides: int = 1):
    """Convolves, with half the kernel's size of padding on each side.

    Args:
        x: Activations `(B, H, W, C)`.
        kernel: `(K, K, C, C_out)`, K odd.
        padding: `"zeros"`, or `"symmetric"`: the outermost pixels are repeated.
            Next to zeros, the mean colour of ImageNet, a network sees an
            edge where there is none, and what is trained with it paints one.
        strides: Pixels between the places of the kernel, along both axes.

    Returns:
        Activations `(B, H / strides, W / strides, C_out)`, rounded up.
    """
    width = kernel.shape[0] // 2
    if width == 0 or (padding == "zeros" and strides == 1):
        return ops.conv(x, kernel, strides, padding="same")
    if padding == "symmetric" and width == 1:
        x = _repeat_edges(x)
    else:
        sides = (width, width)
        x = ops.pad(x, ((0, 0), sides, sides, (0, 0)), MODES[padding])
    return ops.conv(x, kernel, strides, padding="valid")


def _repeat_edges(x):
    paddings = ((0, 0), (1, 1), (1, 1), (0, 0))
    if keras.backend.backend() != "tensorflow":
        return ops.pad(x, paddings, "symmetric")
    # TensorFlow's MirrorPad takes three times as long on a CPU; its gradient does not.
    import tensorflow as tf

    @tf.custom_gradient
    def repeat(x):
        x = tf.concat((x[:, :, :1], x, x[:, :, -1:]), axis=2)
        x = tf.concat((x[:, :1], x, x[:, -1:]), axis=1)

        def backward(upstream):
            return tf.raw_ops.MirrorPadGrad(
                input=upstream, paddings=paddings, mode="SYMMETRIC"
            )

        return x, backward

    return repeat(x)
