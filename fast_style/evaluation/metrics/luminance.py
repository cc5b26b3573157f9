"""Luminance of images, its gradient, and images at half resolution."""

import numpy as np
from scipy import ndimage


def to_luminance(image) -> np.ndarray:
    """Returns the luminance (Rec. 601) of RGB `(H, W, 3)`, `(H, W)` in [0, 255]."""
    return np.asarray(image, "float64") @ (0.299, 0.587, 0.114)


def halve(image) -> np.ndarray:
    """Returns means over 2x2 pixels of an image `(H, W)`; an odd line is left out."""
    height, width = (max(side // 2 * 2, 1) for side in image.shape)
    image = image[:height, :width]
    if min(height, width) < 2:
        return image
    return (
        image[::2, ::2] + image[1::2, ::2] + image[::2, 1::2] + image[1::2, 1::2]
    ) / 4


def gradient_magnitude(luminance) -> np.ndarray:
    """Returns the magnitude of Prewitt's gradient, of differences over 2 pixels."""
    dy, dx = (ndimage.prewitt(luminance, axis=axis) / 3 for axis in (0, 1))
    return np.hypot(dx, dy)
