"""Saturated pixels."""

import numpy as np


def clipping(stylized) -> float:
    """Returns the share of pixels of which a channel is below 1 or above 254.

    Args:
        stylized: RGB `(H, W, 3)` in [0, 255].
    """
    image = np.asarray(stylized)
    return float(((image < 1) | (image > 254)).any(axis=-1).mean())
