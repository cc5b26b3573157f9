"""Saturated pixels."""

import numpy as np


def clipping(image) -> float:
    """Returns the share of pixels of which a channel is below 1 or above 254."""
    image = np.asarray(image)
    return float(((image < 1) | (image > 254)).any(axis=-1).mean())
