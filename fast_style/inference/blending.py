"""Blends pictures by maps of where to use which."""

import numpy as np
from PIL import Image
from PIL import ImageFilter

from fast_style.inference.adjusting import load_mask

# Of the picture's longer side: where one style goes over into another.
_SEAM = 0.01


def blend(pictures: list[np.ndarray], weights: list) -> np.ndarray:
    """Blends pictures by maps of where to use which.

    Args:
        pictures: Arrays of one shape `(H, W, C)` and dtype.
        weights: For each a number, or a grey picture, black where it has no part; as
            `load_mask` takes it. Where all are black, all have the same part.

    Returns:
        An array like the pictures.

    Raises:
        ValueError: If the pictures are a batch, or a weight is negative.
    """
    first = pictures[0]
    if first.ndim != 3:
        raise ValueError(
            "Maps of where to use which style are for one picture (H, W, C). "
            f"Received: a batch, shape={first.shape}"
        )
    maps = np.stack([_load_map(weight, first.shape[:2]) for weight in weights])
    total = maps.sum(axis=0)
    maps = np.where(total > 0, maps / np.maximum(total, 1e-9), 1 / len(maps))
    mixed = np.zeros(first.shape, "float32")
    for picture, share in zip(pictures, maps, strict=True):
        mixed += picture * np.float32(share)[..., None]
    is_float = np.issubdtype(first.dtype, np.floating)
    return (mixed if is_float else np.rint(mixed)).astype(first.dtype)


def _load_map(weight, size):
    if isinstance(weight, int | float):
        if weight < 0:
            raise ValueError(f"`styles` must be at least 0. Received: {weight}")
        return np.full(size, float(weight))
    levels = Image.fromarray(load_mask(weight, size))
    smooth = levels.filter(ImageFilter.GaussianBlur(_SEAM * max(size)))
    return np.asarray(smooth, "float64") / 255
