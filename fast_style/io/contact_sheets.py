"""Contact sheets: pictures side by side, to compare them by eye."""

import numpy as np
from PIL import Image

from fast_style.io.arrays import to_uint8


def make_contact_sheet(rows, *, height: int = 256, gap: int = 4) -> np.ndarray:
    """Puts pictures side by side and rows below each other.

    Args:
        rows: List of rows, each a list of RGB pictures `(H, W, 3)` in
            [0, 255]; sizes may differ.
        height: Pixels to which each picture is scaled.
        gap: White pixels between pictures.

    Returns:
        RGB `(H, W, 3)`, uint8; rows are filled up with white.
    """
    strips = []
    for row in rows:
        pictures = []
        for image in row:
            size = (max(round(image.shape[1] * height / image.shape[0]), 1), height)
            picture = Image.fromarray(to_uint8(image)).resize(size)
            pictures += [np.asarray(picture), np.full((height, gap, 3), 255, "uint8")]
        strips.append(np.concatenate(pictures[:-1], axis=1))
    width = max(strip.shape[1] for strip in strips)
    padded = [
        np.pad(s, ((0, gap), (0, width - s.shape[1]), (0, 0)), constant_values=255)
        for s in strips
    ]
    return np.concatenate(padded)[:-gap]
