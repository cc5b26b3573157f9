"""Arrays as users have them to images as the library has them, and back."""

import numpy as np


def array_to_images(array: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """Converts an array as users have it into images as the library has them.

    Args:
        array: `(H, W)`, `(H, W, C)` or `(B, H, W, C)`, C of 1, 3 or 4, the
            fourth being transparency; uint8 or float in [0, 255], or uint16
            in [0, 65535].

    Returns:
        RGB `(B, H, W, 3)`, float32 in [0, 255], and the alpha channel
        `(B, H, W, 1)` as it was, or None. Fully transparent pixels, whose
        stored colours nobody has seen, get the mean colour of the others, so
        that they cannot change how the visible ones are stylized.

    Raises:
        ValueError: If it has another shape, type or range.
    """
    check_array(array)
    images = array[..., None] if array.ndim == 2 else array
    images = images[None] if images.ndim == 3 else images
    alpha = images[..., 3:] if images.shape[-1] == 4 else None
    colours = to_rgb_levels(images)
    if alpha is not None:
        for colour, visible in zip(colours, alpha[..., 0] > 0, strict=True):
            if visible.any():
                colour[~visible] = colour[visible].mean(axis=0)
    return colours, alpha


def to_rgb_levels(images: np.ndarray) -> np.ndarray:
    """Converts pixels as users have them into RGB, float32 in [0, 255].

    Args:
        images: `(..., C)`, C of 1, 3 or 4, of which the fourth is left out; uint8,
            float or uint16, as `check_array` allows.

    Returns:
        A new array `(..., 3)`.
    """
    colours = images[..., :3].astype("float32")
    if images.dtype == np.uint16:
        colours /= 257.0  # 65535 becomes 255.
    if colours.shape[-1] == 1:
        colours = np.repeat(colours, 3, axis=-1)
    return colours


def check_array(array: np.ndarray) -> None:
    """Checks that an array is a picture or a batch, as `array_to_images` takes it.

    Raises:
        ValueError: If it has another shape, type or range.
    """
    expected = (
        "`image` must be an array (H, W), (H, W, C) or (B, H, W, C) with C of 1, 3 "
        "or 4, uint8 or float in [0, 255], or uint16 in [0, 65535]."
    )
    received = f"Received: shape={array.shape}, dtype={array.dtype}"
    has_good_shape = array.ndim == 2 or (
        array.ndim in (3, 4) and array.shape[-1] in (1, 3, 4)
    )
    has_good_type = array.dtype in (np.uint8, np.uint16) or (
        np.issubdtype(array.dtype, np.floating)
    )
    if not (has_good_shape and has_good_type and array.size):
        raise ValueError(f"{expected} {received}")
    if not np.issubdtype(array.dtype, np.floating):
        return
    low, high = float(array.min()), float(array.max())
    # Written so that NaN fails too.
    if not (low >= 0 and high <= 255):
        raise ValueError(f"{expected} {received} with values from {low} to {high}")
    if 0 < high <= 1:
        raise ValueError(
            f"{expected} {received} with values up to {high}, which looks like "
            "[0, 1]. Multiply by 255 first, and divide the result."
        )


def images_to_array(images, alpha, *, like: np.ndarray) -> np.ndarray:
    """Converts stylized images into the form that their originals had.

    Args:
        images: RGB `(B, H, W, 3)` in [0, 255].
        alpha: As `array_to_images` returned it.
        like: The array that was given to `array_to_images`.

    Returns:
        Array of the dtype and range of `like`, without the batch axis if that
        had none; with three channels, or four if there was transparency.
    """
    if like.dtype == np.uint8:
        array = to_uint8(images)
    elif like.dtype == np.uint16:
        array = np.rint(np.clip(images, 0, 255) * 257.0).astype("uint16")
    else:
        array = np.asarray(images).astype(like.dtype)
    if alpha is not None:
        array = np.concatenate([array, alpha], axis=-1)
    return array if like.ndim == 4 else array[0]


def to_uint8(images) -> np.ndarray:
    """Rounds numbers to bytes, and clips what lies outside their range.

    Args:
        images: Array of any shape, with values in [0, 255].

    Returns:
        uint8 array of the same shape.
    """
    return np.clip(np.rint(images), 0, 255).astype("uint8")
