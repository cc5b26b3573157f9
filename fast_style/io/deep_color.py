"""Pictures with 16 bits per channel, which Pillow would cut to 8; by libvips."""

import io
import os
import pathlib

import numpy as np
from PIL import Image
from PIL import ImageCms

from fast_style.io.metadata import EXIF
from fast_style.io.metadata import is_srgb
from fast_style.io.metadata import PROFILE

PACKAGE = "pyvips"
DEEP_FORMATS = ("PNG", "TIFF")
_LOADERS = {"PNG": "pngload_buffer", "TIFF": "tiffload_buffer"}
_INTENT = "perceptual"  # Pillow's own.
_LARGEST_TIFF = 4 * 10**9
_ORDERS = ("16B", "16L", "16N")  # Of the bytes.


def has_deep_color(image: Image.Image) -> bool:
    """Returns whether a picture has 16 bits per channel, grey or colour.

    Args:
        image: Opened by Pillow, not decoded.
    """
    if image.format not in DEEP_FORMATS or not image.tile:
        return False
    arguments = image.tile[0][3]
    raw = arguments if isinstance(arguments, str) else arguments[0]
    kind, _, bits = raw.partition(";")
    # Not signed numbers, nor channels that Pillow decodes to something else.
    return kind in ("I", "L", "LA", "RGB", "RGBA") and bits in ("16", *_ORDERS)


def read_deep(path: str | os.PathLike, image_format: str) -> np.ndarray:
    """Decodes a picture of which `has_deep_color` is true, upright and in sRGB.

    Args:
        path: Of the file.
        image_format: `"PNG"` or `"TIFF"`.

    Returns:
        uint16 `(H, W, 3)`, or `(H, W, 4)` if there is transparency.

    Raises:
        ValueError: If it is damaged.
    """
    import pyvips

    try:
        # From memory: libvips remembers what it has read from files.
        load = getattr(pyvips.Image, _LOADERS[image_format])
        image = load(pathlib.Path(path).read_bytes(), fail_on="error").autorot()
        array = _to_srgb(image).numpy()
    except pyvips.Error as error:
        name = os.fspath(path)
        raise ValueError(f"{name!r} is damaged or cut short ({error}).") from None
    if array.dtype != np.uint16 or array.ndim != 3 or array.shape[-1] not in (3, 4):
        raise ValueError(
            "Expected a picture with 16 bits per channel, grey or RGB. Received: "
            f"{os.fspath(path)!r} with {array.shape}, {array.dtype}"
        )
    return array


def _to_srgb(image):
    profile = None
    if image.bands >= 3 and image.get_typeof("icc-profile-data"):
        profile = _read_profile(image.get("icc-profile-data"))
    if profile is None or is_srgb(profile):
        return image.colourspace("rgb16")
    return image.icc_transform("srgb", embedded=True, depth=16, intent=_INTENT)


def _read_profile(data):
    try:
        return ImageCms.ImageCmsProfile(io.BytesIO(data))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None  # Pillow does not apply it, either.


def write_deep(
    array: np.ndarray, path: str | os.PathLike, image_format: str, notes: dict
) -> None:
    """Encodes a picture with 16 bits per channel.

    Args:
        array: uint16 `(H, W, 3)` or `(H, W, 4)`, sRGB.
        path: Of the file.
        image_format: `"PNG"` or `"TIFF"`.
        notes: As `read_notes` returns them: the profile to which the colours are
            converted, and EXIF.

    Raises:
        OSError: If it cannot be written.
    """
    import pyvips

    image = pyvips.Image.new_from_array(array).copy(interpretation="rgb16")
    try:
        image = _restore(image, notes)
        # It would make up EXIF where there is none.
        options = {} if EXIF in notes else {"keep": "icc"}
        if image_format == "PNG":
            image.pngsave(os.fspath(path), bitdepth=16, **options)
        else:
            options["bigtiff"] = array.nbytes > _LARGEST_TIFF
            image.tiffsave(os.fspath(path), compression="deflate", **options)
    except pyvips.Error as error:
        raise OSError(f"{os.fspath(path)!r} could not be written ({error}).") from None


def _restore(image, notes):
    profile = _read_profile(notes[PROFILE]) if PROFILE in notes else None
    if profile is not None:
        is_converted = not is_srgb(profile)
        if is_converted:
            image = image.icc_import(input_profile="srgb", intent=_INTENT)
        image = image.copy()
        image.set_type(_blob(), "icc-profile-data", notes[PROFILE])
        if is_converted:
            image = image.icc_export(depth=16, intent=_INTENT)
    if EXIF in notes:
        image = image.copy()
        image.set_type(_blob(), "exif-data", notes[EXIF])
    return image


def _blob():
    import pyvips

    return pyvips.GValue.blob_type
