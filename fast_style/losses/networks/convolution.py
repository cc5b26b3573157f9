"""The convolution that loss networks share."""

from keras import ops


def convolve(x, kernel, padding: str):
    """Convolves without changing height and width.

    Args:
        x: Activations `(B, H, W, C)`.
        kernel: `(K, K, C, C_out)`, K of 1 or 3.
        padding: `"zeros"`, or `"symmetric"`: the outermost pixels are repeated.
            Next to zeros, the mean colour of ImageNet, a network sees an
            edge where there is none, and what is trained with it paints one.

    Returns:
        Activations `(B, H, W, C_out)`.
    """
    if padding == "zeros" or kernel.shape[0] == 1:
        return ops.conv(x, kernel, padding="same")
    x = ops.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="symmetric")
    return ops.conv(x, kernel, padding="valid")
