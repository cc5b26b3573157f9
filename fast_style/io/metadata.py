"""What a picture carries beside its pixels: colour profile, EXIF, XMP, texts, dpi.

Inside the library colours are sRGB. What a photo came with travels in `Image.info`, so
that `save_image` can give it to the file again.
"""

import io

from PIL import Image
from PIL import ImageCms
from PIL import PngImagePlugin

from fast_style.io.exif import fit_exif
from fast_style.io.exif import read_exif
from fast_style.io.png_chunks import LARGEST_NOTE
from fast_style.io.xmp import clean_xmp

PROFILE = "photo_profile"  # Not `icc_profile`, as the pixels are sRGB meanwhile.
EXIF = "exif"
XMP = "xmp"
DPI = "dpi"
TEXTS = "texts"
COMMENT = "Comment"  # The keyword in a PNG of what JPEG and GIF have without one.
_XMP_KEYWORD = "XML:com.adobe.xmp"
# What other programs copied into texts of a PNG: EXIF and more of the photo.
_COPIES = ("Raw profile type ", "exif:", "tiff:", "xmp:", _XMP_KEYWORD)
_LONGEST_KEYWORD = 79
_LONGEST_EXIF = 65_000  # A JPEG's segment holds no more.
_LONGEST_SEGMENT = 65_500
# A JPEG's profile has at most 255 segments.
_LARGEST_PROFILES = {"PNG": LARGEST_NOTE, "JPEG": 255 * 65_519}
_HIGHEST_DPI = 65_535
_XMP_TAG = 700  # Of a TIFF.
_SRGB = ImageCms.createProfile("sRGB")


def to_srgb(image: Image.Image) -> Image.Image:
    """Converts the colours of a picture to sRGB, by the profile that it has.

    Without that, a photo in Display P3 would come out dull.

    Args:
        image: In any mode. Without a profile, with one that is damaged, or in a mode
            that profiles are not for, it comes back as it is.

    Returns:
        A picture, in mode RGB or RGBA if it was converted.
    """
    data = image.info.get("icc_profile")
    if not data or image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return image
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        if is_srgb(profile):
            return image
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(image, profile, _SRGB, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def copy_metadata(source: Image.Image, target: Image.Image) -> None:
    """Notes in a picture what `save_image` writes beside its pixels.

    Args:
        source: As it was opened, or a picture with notes already.
        target: Upright and in sRGB; its notes are replaced.
    """
    target.info = read_notes(source)


def read_notes(source: Image.Image) -> dict:
    """Returns what `save_image` writes beside pixels, as `copy_metadata` notes it.

    Args:
        source: As it was opened, or a picture with notes already.

    Returns:
        Dict with any of `PROFILE`, `EXIF` and `XMP`, as bytes; `DPI`, pixels per inch
        across and down; and `TEXTS`, a dict from keywords to texts.
    """
    info = source.info
    profile = info.get(PROFILE) or info.get("icc_profile")
    notes = {
        # Not profiles of grey or CMYK.
        PROFILE: profile if source.mode in ("RGB", "RGBA", "P", "PA") else None,
        EXIF: read_exif(source),
        XMP: clean_xmp(info.get(XMP) or _read_xmp_text(info)),
        DPI: _read_dpi(info.get(DPI)),
        TEXTS: _read_texts(source),
    }
    return {name: value for name, value in notes.items() if value}


def _read_xmp_text(info):
    text = info.get(_XMP_KEYWORD)
    # Which Pillow takes for Latin-1, whatever it is.
    return text.encode("latin-1", "replace") if isinstance(text, str) else None


def _read_dpi(dpi):
    try:
        across, down = map(float, dpi)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    # Written so that NaN is left out too.
    is_possible = 1 <= across <= _HIGHEST_DPI and 1 <= down <= _HIGHEST_DPI
    return (across, down) if is_possible else None


def _read_texts(source):
    texts = dict(source.info.get(TEXTS, {}))
    if source.format == "PNG":
        texts |= {
            key: str(text)
            for key, text in source.info.items()
            if isinstance(text, str) and 0 < len(key) <= _LONGEST_KEYWORD
        }
    comment = source.info.get("comment")
    if isinstance(comment, bytes):
        try:
            comment = comment.decode("utf-8")
        except UnicodeDecodeError:
            comment = comment.decode("latin-1")
    if comment:
        texts[COMMENT] = comment.rstrip("\0")
    return {k: v for k, v in texts.items() if v and not k.startswith(_COPIES)}


def restore_metadata(image: Image.Image, image_format: str) -> tuple[Image.Image, dict]:
    """Converts a picture from sRGB to the profile of its photo.

    Args:
        image: With the notes of `copy_metadata`, or without.
        image_format: Pillow's name of the format of the file.

    Returns:
        The picture, and arguments for Pillow's `save`.
    """
    options = {}
    exif = image.info.get(EXIF)
    if exif and (exif := fit_exif(exif, image.size)) and len(exif) <= _LONGEST_EXIF:
        options["exif"] = exif
    if dpi := image.info.get(DPI):
        options["dpi"] = dpi
    options |= _restore_texts(image.info, image_format)
    data = find_profile(image.info, image_format)
    if data and image.mode in ("RGB", "RGBA"):
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
            if not is_srgb(profile):
                image = ImageCms.profileToProfile(image, _SRGB, profile)
            options["icc_profile"] = data
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # It was not applied when the photo was read, either.
    return image, options


def find_profile(notes: dict, image_format: str) -> bytes | None:
    """Returns the colour profile of a photo, unless the format has no room for it.

    Without it the file stays in sRGB, so its colours are right, too.

    Args:
        notes: As `read_notes` returns them.
        image_format: Pillow's name of the format of the file.
    """
    data = notes.get(PROFILE)
    largest = _LARGEST_PROFILES.get(image_format)
    return None if data and largest and len(data) > largest else data


def _restore_texts(notes, image_format):
    texts, xmp = notes.get(TEXTS, {}), notes.get(XMP)
    if image_format == "PNG":
        info = PngImagePlugin.PngInfo()
        for keyword, text in texts.items():
            info.add_text(keyword, text)
        if xmp:
            info.add_itxt(_XMP_KEYWORD, xmp.decode("utf-8", "replace"))
        return {"pnginfo": info}
    options = {}
    comment = texts.get(COMMENT, "").encode("utf-8")
    if image_format == "JPEG" and 0 < len(comment) <= _LONGEST_SEGMENT:
        options["comment"] = comment
    is_short = image_format != "JPEG" or (xmp and len(xmp) <= _LONGEST_SEGMENT)
    if xmp and image_format == "TIFF":
        options["tiffinfo"] = {_XMP_TAG: xmp}
    elif xmp and is_short:
        options["xmp"] = xmp
    return options


def is_srgb(profile: ImageCms.ImageCmsProfile) -> bool:
    """Returns whether a profile says that it is sRGB."""
    return ImageCms.getProfileDescription(profile).startswith("sRGB")
