"""Stylized images of a photo that moves."""

import numpy as np


def shift_difference(stylize, photo, *, shifts=(1, 2, 3, 4, 5, 6, 7, 8)) -> float:
    """Computes how much a stylized image changes when the photo moves a little.

    The photo, cropped at two places that lie `shift` pixels apart along the
    diagonal, is stylized twice; the mean absolute difference where both show
    the same, 16 pixels off the border; mean over the shifts.

    Args:
        stylize: Function from a photo to its stylized image.
        photo: RGB `(H, W, 3)` in [0, 255], at least 64 pixels wide and high.
        shifts: In pixels.

    Returns:
        Grey levels; 0 if what is painted moves along. NaN if the photo is too small.
    """
    largest, margin = max(shifts), 16
    height, width = (side - largest for side in photo.shape[:2])
    if min(height, width) < 64 - largest:
        return float("nan")
    still = np.asarray(stylize(photo[:height, :width]), "float64")
    differences = []
    for shift in shifts:
        moved = photo[shift : shift + height, shift : shift + width]
        moved = np.asarray(stylize(moved), "float64")
        one = still[shift:, shift:][margin:-margin, margin:-margin]
        other = moved[: height - shift, : width - shift][margin:-margin, margin:-margin]
        differences.append(np.abs(one - other).mean())
    return float(np.mean(differences))
