"""Arrays to other sizes, in their own dtype."""

import numpy as np
from PIL import Image


def fit_size(size: tuple[int, int], longer_side: int) -> tuple[int, int]:
    """Returns a size of the same ratio.

    Args:
        size: Two sides in pixels.
        longer_side: Of the result, at least 1.

    Returns:
        Two sides in pixels, at least 1.
    """
    scale = longer_side / max(size)
    return tuple(max(round(side * scale), 1) for side in size)


def resize_array(array: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Scales a picture by bicubic interpolation, smoothed where it shrinks.

    Args:
        array: `(H, W)` or `(H, W, C)`, of numbers that are not negative.
        size: Height and width of the result.

    Returns:
        An array of the same dtype and number of channels. Colours are weighed by
        transparency, the fourth channel, so that hidden ones do not bleed.
    """
    if array.shape[:2] == size:
        return array
    if array.ndim == 2:
        return resize_array(array[..., None], size)[..., 0]
    if array.dtype == np.uint8 and array.shape[-1] in (3, 4):  # Pillow does it whole.
        picture = Image.fromarray(np.ascontiguousarray(array))
        return np.asarray(picture.resize(size[::-1], Image.Resampling.BICUBIC))
    channels = array.astype("float32")
    if array.shape[-1] == 4:
        channels[..., :3] *= channels[..., 3:]
    resized = np.stack(
        [_resize_channel(channel, size) for channel in np.moveaxis(channels, -1, 0)],
        axis=-1,
    )
    if array.shape[-1] == 4:
        resized[..., :3] /= np.maximum(resized[..., 3:], 1e-6)
    return _to_dtype(resized, array)


def _resize_channel(channel, size):
    picture = Image.fromarray(np.ascontiguousarray(channel))
    return np.asarray(picture.resize(size[::-1], Image.Resampling.BICUBIC))


def _to_dtype(resized, array):
    # Bicubic interpolation goes a little beyond the numbers that it is given.
    resized = np.clip(resized, 0, array.max())
    if np.issubdtype(array.dtype, np.integer):
        resized = np.rint(resized)
    return resized.astype(array.dtype)
