"""Pillow's pictures of every colour mode to RGB, upright and in sRGB."""

import warnings

import numpy as np
from PIL import Image
from PIL import ImageOps

from fast_style.io.arrays import to_uint8
from fast_style.io.metadata import copy_metadata
from fast_style.io.metadata import to_srgb


def to_rgb_or_rgba(image: Image.Image) -> Image.Image:
    """Converts a Pillow picture to 8 bits per channel, upright.

    Args:
        image: A picture in any mode; of an animation the present frame.

    Returns:
        A picture in mode `"RGBA"` if there is transparency, else `"RGB"`, in sRGB, with
        the notes of `copy_metadata`.
    """
    upright = _turn_upright(image)
    if upright.mode.startswith("I") or upright.mode == "F":
        converted = _from_deep_grey(upright).convert("RGB")
    else:
        mode = "RGBA" if upright.has_transparency_data else "RGB"
        if upright.mode == "La":  # Which Pillow converts to nothing else.
            upright = upright.convert("LA")
        if upright.mode in ("P", "PA", "LA"):
            upright = upright.convert(mode)
        converted = to_srgb(upright).convert(mode)
    copy_metadata(image, converted)
    return converted


def _turn_upright(image):
    image.load()  # What is wrong with the pixels is an error.
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # Damaged notes are no reason to lose a picture.
        return image


def _from_deep_grey(image):
    # `convert("L")` would cut everything above 255 off instead of scaling it.
    values = np.asarray(image, "float32")
    if image.mode == "F":
        return Image.fromarray(to_uint8(_scale_floats(values)))
    largest = values.max(initial=0.0)
    if image.mode == "I" and largest <= 255.0:
        factor = 1.0  # 32 bits, of which no more than 8 are used.
    elif largest <= 65535.0:
        factor = 1.0 / 257.0  # 65535 becomes 255.
    else:
        factor = 255.0 / (2**31 - 1)
    return Image.fromarray(to_uint8(values * factor))


def _scale_floats(values):
    """Scales numbers of which no file says what white is, to [0, 255]."""
    is_number = np.isfinite(values)  # What was not measured is often NaN.
    if not is_number.any():
        raise ValueError("all of its pixels are NaN or infinite")
    low, high = (float(f(values[is_number])) for f in (np.min, np.max))
    values = np.where(is_number, values, low)
    if low >= 0 and high <= 1:
        return values * 255
    if low >= 0 and high <= 255:
        return values
    warnings.warn(
        f"The picture has numbers from {low:g} to {high:g}, and none says what is "
        f"white: {low:g} is shown black and {high:g} white. Scale them to [0, 1] for "
        "another choice.",
        stacklevel=2,
    )
    return (values - low) * (255 / ((high - low) or 1))
