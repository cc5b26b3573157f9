"""Texture where the photo is plain."""

import numpy as np
from scipy import ndimage

from fast_style.evaluation.metrics.luminance import to_luminance
from fast_style.evaluation.metrics.surface import Surface
from fast_style.evaluation.metrics.texture import find_texture
from fast_style.evaluation.metrics.texture import measure_texture

_FLAT_DEVIATION = 4.0
_MIN_FLAT_PIXELS = 200


def _find_flat(photo):
    luminance = to_luminance(photo)
    mean = ndimage.uniform_filter(luminance, 9)
    variance = ndimage.uniform_filter(luminance**2, 9) - mean**2
    return variance < _FLAT_DEVIATION**2


def flat_texture(photo, stylized, painting) -> float:
    """Computes how much texture the plain areas of the photo got.

    Root mean square of the texture (luminance less its Gaussian mean of
    deviation 4 pixels) of the stylized image where the photo is flat
    (deviation below 4 grey levels in 9x9 pixels), divided by that of the whole
    painting.

    Args:
        photo: RGB `(H, W, 3)` in [0, 255].
        stylized: RGB of the same shape.
        painting: RGB of any size, scaled as it was trained with, or its `Surface`.

    Returns:
        0 for empty areas, 1 for as much texture as the painting has. NaN if
        the photo has no flat area of 200 pixels.
    """
    flat = _find_flat(photo)
    if flat.sum() < _MIN_FLAT_PIXELS:
        return float("nan")
    is_measured = isinstance(painting, Surface)
    own = painting.texture if is_measured else measure_texture(painting)
    return float(np.sqrt((find_texture(stylized)[flat] ** 2).mean()) / (own + 1e-9))


def ringing(photo, stylized) -> float:
    """Computes how much more texture plain areas have beside strong edges.

    Mean square of the texture, as in `flat_texture`, where the photo is flat 6
    to 12 pixels away from a strong edge (gradient above 20 grey levels per
    pixel), divided by that where it is flat more than 20 pixels away; square
    root.

    Args:
        photo: RGB `(H, W, 3)` in [0, 255].
        stylized: RGB of the same shape.

    Returns:
        1 if edges make no difference, more if they echo. NaN if the photo has
        less than 200 pixels of either kind.
    """
    gradient = ndimage.gaussian_gradient_magnitude(to_luminance(photo), 1)
    edges = gradient > 20
    if not edges.any():
        return float("nan")
    distance = ndimage.distance_transform_edt(~edges)
    flat = _find_flat(photo)
    near = flat & (distance >= 6) & (distance <= 12)
    far = flat & (distance > 20)
    if min(near.sum(), far.sum()) < _MIN_FLAT_PIXELS:
        return float("nan")
    texture = find_texture(stylized) ** 2
    return float(np.sqrt(texture[near].mean() / (texture[far].mean() + 1e-9)))
