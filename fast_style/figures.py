"""Figures of a stylized picture that no loss was trained on.

Pictures are RGB `(H, W, 3)` in [0, 255]; photo and stylized picture have the
same size. docs/evaluation.md has the formulas once more, with an example.
"""

import numpy as np
from scipy import ndimage

STRIDE = 4  # Of the generators; their grids have periods of 4 and 2 pixels.
_TILE = 64
_BAND = 4
_FLAT_DEVIATION = 4.0
_MIN_FLAT_PIXELS = 200


def to_luminance(image) -> np.ndarray:
    """Returns the brightness of each pixel, `(H, W)` in [0, 255] (Rec. 601)."""
    return np.asarray(image, "float64") @ (0.299, 0.587, 0.114)


def ssim(photo, stylized) -> float:
    """Says how much of the photo's structure is kept, in luminance.

    Mean of (2 m_1 m_2 + c_1) (2 v_12 + c_2) / ((m_1^2 + m_2^2 + c_1)
    (v_1 + v_2 + c_2)) with means m, variances v and covariance v_12 under a
    Gaussian window of deviation 1.5 pixels; c_1 = 2.55^2, c_2 = 7.65^2. The
    outermost 5 pixels are left out where the picture is large enough.

    Returns:
        1 for the photo itself, around 0 for an unrelated picture.

    References:
        Wang et al., 2004, https://doi.org/10.1109/TIP.2003.819861
    """

    def blur(image):
        return ndimage.gaussian_filter(image, 1.5, truncate=3.5)

    one, other = to_luminance(photo), to_luminance(stylized)
    mean_1, mean_2 = blur(one), blur(other)
    variance_1 = blur(one**2) - mean_1**2
    variance_2 = blur(other**2) - mean_2**2
    covariance = blur(one * other) - mean_1 * mean_2
    c_1, c_2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    similarity = (2 * mean_1 * mean_2 + c_1) * (2 * covariance + c_2)
    similarity /= (mean_1**2 + mean_2**2 + c_1) * (variance_1 + variance_2 + c_2)
    if min(similarity.shape) > 20:
        similarity = similarity[5:-5, 5:-5]
    return float(similarity.mean())


def gradient_similarity(photo, stylized) -> float:
    """Says how much of the photo's outlines is kept.

    Mean of (2 g_1 g_2 + 170) / (g_1^2 + g_2^2 + 170) with the magnitudes g of
    Prewitt's gradient, of luminance averaged over 2x2 pixels.

    Returns:
        1 for the photo itself; above 0.

    References:
        Xue et al., 2014, https://arxiv.org/abs/1308.3052, who take the
        deviation of the same map.
    """
    one, other = (_gradient(_halve(to_luminance(p))) for p in (photo, stylized))
    return float(((2 * one * other + 170) / (one**2 + other**2 + 170)).mean())


def _halve(image):
    height, width = (max(side // 2 * 2, 1) for side in image.shape)
    image = image[:height, :width]
    if min(height, width) < 2:
        return image
    return (
        image[::2, ::2] + image[1::2, ::2] + image[::2, 1::2] + image[1::2, 1::2]
    ) / 4


def _gradient(luminance):
    dy, dx = (ndimage.prewitt(luminance, axis=axis) / 3 for axis in (0, 1))
    return np.hypot(dx, dy)


def patch_distance(stylized, style_image, *, num_patches: int = 2048) -> float:
    """Says how far the surface is from the painting's.

    Sliced Wasserstein distance between the 7x7 patches of both pictures: mean
    over 128 random unit directions of the mean difference between the sorted
    projections; mean over full, half and quarter resolution. The directions
    and places are the same in every call.

    Args:
        stylized: RGB `(H, W, 3)` in [0, 255].
        style_image: The painting, of any size, scaled as it was trained with.
        num_patches: Patches of each picture and scale.

    Returns:
        Grey levels, times up to sqrt(147) for plain colours; 0 if the patches
        are the same. Other patches are drawn from either picture, so that of a
        texture from itself is about 2.

    References:
        Rabin et al., 2011, https://doi.org/10.1007/978-3-642-24785-9_37
        Karras et al., 2018, section 5, https://arxiv.org/abs/1710.10196
        Differs from the latter in taking pictures, not differences between
        scales: the palette counts.
    """
    rng = np.random.default_rng(0)
    one, other = (np.asarray(p, "float64") for p in (stylized, style_image))
    distances = []
    for _ in range(3):
        if min(*one.shape[:2], *other.shape[:2]) < 7:
            break
        directions = rng.normal(size=(7 * 7 * 3, 128))
        directions /= np.linalg.norm(directions, axis=0)
        sorted_1, sorted_2 = (
            np.sort(_draw_patches(p, num_patches, rng) @ directions, axis=0)
            for p in (one, other)
        )
        distances.append(np.abs(sorted_1 - sorted_2).mean())
        one, other = (
            np.stack([_halve(p[..., c]) for c in range(3)], axis=-1)
            for p in (one, other)
        )
    return float(np.mean(distances)) if distances else float("nan")


def _draw_patches(image, count, rng):
    windows = np.lib.stride_tricks.sliding_window_view(image, (7, 7), axis=(0, 1))
    y, x = (rng.integers(0, side, count) for side in windows.shape[:2])
    return windows[y, x].reshape(count, -1)


def grid(stylized) -> float:
    """Says how much a grid of the generator's upsampling stands out.

    The power spectrum of the colours (mean over channels and over tiles of
    64x64 pixels under Hann's window, half overlapping) at the frequencies of
    periods 4 and 2, each divided by the median of those 3 to 5 bins away from
    it along either axis; the largest of these.

    Returns:
        About 1 to 2 without a grid; huge for nothing but a grid. NaN if
        the picture is smaller than a tile.
    """
    image = np.asarray(stylized, "float64")
    if min(image.shape[:2]) < _TILE:
        return float("nan")
    tiles = np.lib.stride_tricks.sliding_window_view(image, (_TILE, _TILE), axis=(0, 1))
    tiles = tiles[:: _TILE // 2, :: _TILE // 2]
    tiles = tiles - tiles.mean(axis=(-2, -1), keepdims=True)
    window = np.sin(np.pi * (np.arange(_TILE) + 0.5) / _TILE) ** 2
    power = np.abs(np.fft.fft2(tiles * np.outer(window, window))) ** 2
    power = power.mean(axis=(0, 1, 2))
    step = _TILE // STRIDE
    return max(
        _stand_out(power, y, x)
        for y in range(0, _TILE, step)
        for x in range(0, _TILE, step)
        if (y, x) != (0, 0)
    )


def _stand_out(power, y, x):
    away = [-5, -4, -3, 3, 4, 5]
    others = [power[(y + d) % _TILE, x] for d in away]
    others += [power[y, (x + d) % _TILE] for d in away]
    return float(power[y, x] / (np.median(others) + 1e-9))


def border(stylized) -> float:
    """Says how much the outermost pixels differ from those inside.

    A step is the mean colour of a band of 4 pixels along a side minus that of
    the 8 next to it inside. The steps at the very border, root mean square
    over sides and channels, divided by the same of all steps further inside.

    Returns:
        About 1 if the border is like any other place. NaN for pictures of
        less than 64 pixels.
    """
    image = np.asarray(stylized, "float64")
    if min(image.shape[:2]) < 64:
        return float("nan")
    sides = (image, image[::-1], image.swapaxes(0, 1), image.swapaxes(0, 1)[::-1])
    outer, inner = [], []
    for side in sides:
        lines = side[: len(side) // 2].mean(axis=1)
        sums = np.cumsum(np.pad(lines, ((1, 0), (0, 0))), axis=0)
        bands = (sums[_BAND:] - sums[:-_BAND]) / _BAND
        next_bands = (sums[3 * _BAND :] - sums[_BAND : -2 * _BAND]) / (2 * _BAND)
        steps = bands[: len(next_bands)] - next_bands
        outer.append(steps[:1])
        inner.append(steps[3 * _BAND :])
    outer, inner = (np.concatenate(steps) for steps in (outer, inner))
    return float(np.sqrt((outer**2).mean() / ((inner**2).mean() + 1e-9)))


def clipping(image) -> float:
    """Returns the share of pixels of which a channel is below 1 or above 254."""
    image = np.asarray(image)
    return float(((image < 1) | (image > 254)).any(axis=-1).mean())


def _texture(image):
    # What is finer than a stroke's width: waves up to some 16 pixels.
    luminance = to_luminance(image)
    return luminance - ndimage.gaussian_filter(luminance, 4)


def _find_flat(photo):
    luminance = to_luminance(photo)
    mean = ndimage.uniform_filter(luminance, 9)
    variance = ndimage.uniform_filter(luminance**2, 9) - mean**2
    return variance < _FLAT_DEVIATION**2


def flat_texture(photo, stylized, style_image) -> float:
    """Says whether plain areas of the photo got strokes, or stay empty.

    Root mean square of the texture (luminance less its Gaussian mean of
    deviation 4 pixels) of the stylized picture where the photo is flat
    (deviation below 4 grey levels in 9x9 pixels), divided by that of the whole
    painting.

    Returns:
        0 for empty areas, 1 for as much texture as the painting has. NaN if
        the photo has no flat area of 200 pixels.
    """
    flat = _find_flat(photo)
    if flat.sum() < _MIN_FLAT_PIXELS:
        return float("nan")
    own = np.sqrt((_texture(style_image) ** 2).mean())
    return float(np.sqrt((_texture(stylized)[flat] ** 2).mean()) / (own + 1e-9))


def ringing(photo, stylized) -> float:
    """Says how much more texture plain areas have beside strong edges.

    Mean square of the texture, as in `flat_texture`, where the photo is flat 6
    to 12 pixels away from a strong edge (gradient above 20 grey levels per
    pixel), divided by that where it is flat more than 20 pixels away; square
    root.

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
    texture = _texture(stylized) ** 2
    return float(np.sqrt(texture[near].mean() / (texture[far].mean() + 1e-9)))


def shift_difference(stylize, photo, *, shifts=(1, 2, 3, 4, 5, 6, 7, 8)) -> float:
    """Says how much a picture changes when the photo moves by a few pixels.

    The photo, cropped at two places that lie `shift` pixels apart along the
    diagonal, is stylized twice; the mean absolute difference where both show
    the same, 16 pixels off the border; mean over the shifts.

    Args:
        stylize: Function from a picture to a stylized one.
        photo: RGB `(H, W, 3)` in [0, 255], at least 64 pixels wide and high.
        shifts: In pixels.

    Returns:
        Grey levels; 0 if what is painted moves along. NaN if it is too small.
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
