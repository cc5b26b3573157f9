"""The Gaussian pyramid on which images are compared."""

from keras import ops
import numpy as np


def gaussian_pyramid(images, num_levels: int) -> list:
    """Returns images at full, half, quarter, ... resolution.

    Each level is filtered with the binomial (1, 4, 6, 4, 1) / 16 along both
    axes, mirrored at the borders, and every second pixel is kept. With a mean over
    2x2 pixels instead, generators learn to paint blocks.

    Args:
        images: `(B, H, W, C)`, each side at least 3 at the last level but one.
        num_levels: Number of levels; the first is the images themselves.

    Returns:
        List of `num_levels` tensors `(B, H / 2^i, W / 2^i, C)`, rounded up.

    References:
        Burt & Adelson, 1983, https://doi.org/10.1109/TCOM.1983.1095851
    """
    levels = [images]
    for _ in range(num_levels - 1):
        levels.append(_blur_and_halve(levels[-1]))
    return levels


def _blur_and_halve(images):
    row = np.array([1, 4, 6, 4, 1], "float32") / 16
    channels = images.shape[-1]
    kernel = np.tile(np.outer(row, row)[:, :, None, None], (1, 1, channels, 1))
    padded = ops.pad(images, ((0, 0), (2, 2), (2, 2), (0, 0)), mode="reflect")
    return ops.depthwise_conv(padded, ops.array(kernel), strides=2)
