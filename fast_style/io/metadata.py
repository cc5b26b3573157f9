"""What a picture carries beside its pixels: colour profile and EXIF.

Inside the library colours are sRGB. What a photo came with travels in `Image.info`, so
that `save_image` can give it to the file again.
"""

import io

from PIL import Image
from PIL import ImageCms

_PROFILE = "photo_profile"  # Not `icc_profile`, as the pixels are sRGB meanwhile.
_EXIF = "exif"
_ORIENTATION = 0x0112
_LONGEST_EXIF = 65_000  # A JPEG's segment holds no more.
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
        if _is_srgb(profile):
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
    notes = {_PROFILE: source.info.get(_PROFILE) or source.info.get("icc_profile")}
    if source.mode in ("CMYK", "L"):  # Not profiles of RGB.
        notes.pop(_PROFILE)
    try:
        exif = source.getexif()
        exif.pop(_ORIENTATION, None)  # Which has been applied.
        notes[_EXIF] = exif.tobytes() if exif else None
    except Exception:  # Damaged notes are no reason to lose a picture.
        notes[_EXIF] = None
    target.info = {name: value for name, value in notes.items() if value}


def restore_metadata(image: Image.Image) -> tuple[Image.Image, dict]:
    """Converts a picture from sRGB to the profile of its photo.

    Args:
        image: With the notes of `copy_metadata`, or without.

    Returns:
        The picture, and arguments for Pillow's `save`.
    """
    options = {}
    exif = image.info.get(_EXIF)
    if exif and len(exif) <= _LONGEST_EXIF:
        options["exif"] = exif
    data = image.info.get(_PROFILE)
    if data and image.mode in ("RGB", "RGBA"):
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
            if not _is_srgb(profile):
                image = ImageCms.profileToProfile(image, _SRGB, profile)
            options["icc_profile"] = data
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # It was not applied when the photo was read, either.
    return image, options


def _is_srgb(profile):
    return ImageCms.getProfileDescription(profile).startswith("sRGB")
