"""Pictures by libvips, for what Pillow cannot: 16 bits per channel, and strips."""

import functools
import io
import os

from PIL import ImageCms

from fast_style.io.exif import fit_exif
from fast_style.io.metadata import DPI
from fast_style.io.metadata import EXIF
from fast_style.io.metadata import find_profile
from fast_style.io.metadata import is_srgb
from fast_style.io.metadata import TEXTS
from fast_style.io.metadata import XMP

PACKAGE = "pyvips"
FORMATS = ("JPEG", "PNG", "TIFF")  # That it reads and writes by strips.
_INTENT = "perceptual"  # Pillow's own.
_LARGEST_TIFF = 4 * 10**9
_USUAL_DPI = (72.0, 72.0)  # Its own default are 25.
_MM_PER_INCH = 25.4


@functools.cache
def import_pyvips():
    """Imports pyvips, which is to remember no files and none of their pixels."""
    import pyvips

    # It would give what a file had before, and hold on to files that are gone.
    pyvips.cache_set_max(0)
    return pyvips


def open_vips(path: str | os.PathLike, image_format: str, *, bits: int):
    """Opens a picture, upright and in sRGB; its pixels are decoded when asked for.

    Args:
        path: Of the file.
        image_format: One of `FORMATS`.
        bits: Per channel, 8 or 16.

    Returns:
        A `pyvips.Image` with three bands, or four if there is transparency, to be read
        from top to bottom, once.

    Raises:
        pyvips.Error: If it is damaged, here or when pixels are asked for.
    """
    load = getattr(import_pyvips().Image, f"{image_format.lower()}load")
    options = {"fail_on": "error"}
    image = load(os.fspath(path), **options)
    is_turned = image.get_typeof("orientation") and image.get("orientation") != 1
    if not is_turned:  # Otherwise rows are needed in another order.
        image = load(os.fspath(path), access="sequential", **options)
    return _to_srgb(image.autorot(), bits)


def _to_srgb(image, bits):
    profile = None
    if image.bands >= 3 and image.get_typeof("icc-profile-data"):
        profile = _read_profile(image.get("icc-profile-data"))
    if profile is None or is_srgb(profile):
        return image.colourspace("rgb16" if bits == 16 else "srgb")
    return image.icc_transform("srgb", embedded=True, depth=bits, intent=_INTENT)


def _read_profile(data):
    try:
        return ImageCms.ImageCmsProfile(io.BytesIO(data))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None  # Pillow does not apply it, either.


def write_vips(
    image, path: str | os.PathLike, image_format: str, *, bits: int, notes: dict,
    quality: int = 95,
) -> None:  # fmt: skip
    """Encodes a picture.

    Args:
        image: `pyvips.Image` in sRGB, with three or four bands; a JPEG shows white
            where it is transparent.
        path: Of the file.
        image_format: One of `FORMATS`.
        bits: Per channel, 8 or 16; a JPEG has 8.
        notes: As `read_notes` returns them: the profile to which the colours are
            converted, EXIF, XMP and dpi. Of texts those in ASCII, in a PNG.
        quality: Of a JPEG, 1 to 100.

    Raises:
        pyvips.Error: If it cannot be written.
    """
    space = "rgb16" if bits == 16 else "srgb"
    across, down = (dpi / _MM_PER_INCH for dpi in notes.get(DPI, _USUAL_DPI))
    image = image.copy(interpretation=space, xres=across, yres=down)
    if image_format == "JPEG" and image.bands == 4:
        image = image.flatten(background=255)
    image = _restore_profile(image, find_profile(notes, image_format), bits)
    image = _add_notes(image, notes)
    # It would make up EXIF where there is none; a JPEG's dpi are nowhere else.
    has_exif = EXIF in notes or (image_format == "JPEG" and DPI in notes)
    options = {} if has_exif else {"keep": "icc|xmp|other"}
    if image_format == "JPEG":
        image.jpegsave(os.fspath(path), Q=quality, subsample_mode="off", **options)
    elif image_format == "PNG":
        image.pngsave(os.fspath(path), bitdepth=bits, **options)
    else:
        num_bytes = image.width * image.height * image.bands * bits // 8
        options["bigtiff"] = num_bytes > _LARGEST_TIFF
        image.tiffsave(os.fspath(path), compression="deflate", **options)


def _restore_profile(image, data, bits):
    profile = _read_profile(data) if data else None
    if profile is None:
        return image
    is_converted = not is_srgb(profile)
    if is_converted:
        image = image.icc_import(input_profile="srgb", intent=_INTENT)
    image = image.copy()
    image.set_type(_blob(), "icc-profile-data", data)
    return image.icc_export(depth=bits, intent=_INTENT) if is_converted else image


def _add_notes(image, notes):
    image = image.copy()
    exif = notes.get(EXIF)
    if exif and (exif := fit_exif(exif, (image.width, image.height))):
        image.set_type(_blob(), "exif-data", exif)
    if xmp := notes.get(XMP):
        image.set_type(_blob(), "xmp-data", xmp)
    text_type = import_pyvips().GValue.gstr_type
    for number, (keyword, text) in enumerate(notes.get(TEXTS, {}).items()):
        if keyword.isascii() and text.isascii():  # Others would come out as nonsense.
            image.set_type(text_type, f"png-comment-{number}-{keyword}", text)
    return image


def _blob():
    return import_pyvips().GValue.blob_type
