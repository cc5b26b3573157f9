"""The convolution that loss networks share."""

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
    x = ops.pad(x, ((0, 0), (width, width), (width, width), (0, 0)), MODES[padding])
    return ops.conv(x, kernel, strides, padding="valid")
