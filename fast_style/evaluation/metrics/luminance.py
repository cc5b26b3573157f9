"""Brightness, gradients and halves of pictures."""

import numpy as np
from scipy import ndimage


def to_luminance(image) -> np.ndarray:
    """Returns the brightness of each pixel, `(H, W)` in [0, 255] (Rec. 601)."""
    return np.asarray(image, "float64") @ (0.299, 0.587, 0.114)


def halve(image):
    height, width = (max(side // 2 * 2, 1) for side in image.shape)
    image = image[:height, :width]
    if min(height, width) < 2:
        return image
    return (
        image[::2, ::2] + image[1::2, ::2] + image[::2, 1::2] + image[1::2, 1::2]
    ) / 4


def gradient_magnitude(luminance):
    dy, dx = (ndimage.prewitt(luminance, axis=axis) / 3 for axis in (0, 1))
    return np.hypot(dx, dy)
