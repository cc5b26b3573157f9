"""Texture: what is finer than a stroke's width."""

import numpy as np
from scipy import ndimage

from fast_style.evaluation.metrics.luminance import to_luminance


def find_texture(image) -> np.ndarray:
    """Returns the luminance of an image less its Gaussian mean of deviation 4 pixels.

    Waves up to some 16 pixels long are left.

    Args:
        image: RGB `(H, W, 3)` in [0, 255].

    Returns:
        `(H, W)`, in grey levels.
    """
    luminance = to_luminance(image)
    return luminance - ndimage.gaussian_filter(luminance, 4)


def measure_texture(image) -> float:
    """Computes the root mean square of the texture of an image `(H, W, 3)`."""
    return float(np.sqrt((find_texture(image) ** 2).mean()))
