"""What a picture carries beside its pixels: colour profile and EXIF.

Inside the library colours are sRGB. What a photo came with travels in `Image.info`, so
that `save_image` can give it to the file again.
"""

import io

from PIL import Image
from PIL import ImageCms

PROFILE = "photo_profile"  # Not `icc_profile`, as the pixels are sRGB meanwhile.
EXIF = "exif"
_ORIENTATION = 0x0112
# How a TIFF stores its pixels, which Pillow lists with its EXIF, and the profile.
_STORAGE_TAGS = (
    *range(254, 260), 262, 266, 273, *range(277, 282), 284, 317, 320, *range(322, 326),
    338, 339, 347, *range(529, 533), 34675,
)  # fmt: skip
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


def read_notes(source: Image.Image) -> dict[str, bytes]:
    """Returns what `save_image` writes beside pixels, as `copy_metadata` notes it.

    Args:
        source: As it was opened, or a picture with notes already.
    """
    notes = {PROFILE: source.info.get(PROFILE) or source.info.get("icc_profile")}
    if source.mode not in ("RGB", "RGBA", "P", "PA"):  # Not profiles of RGB.
        notes.pop(PROFILE)
    try:
        exif = source.getexif()
        exif.pop(_ORIENTATION, None)  # Which has been applied.
        for tag in _STORAGE_TAGS:
            exif.pop(tag, None)
        notes[EXIF] = exif.tobytes() if exif else None
    except Exception:  # Damaged notes are no reason to lose a picture.
        notes[EXIF] = None
    return {name: value for name, value in notes.items() if value}


def restore_metadata(image: Image.Image) -> tuple[Image.Image, dict]:
    """Converts a picture from sRGB to the profile of its photo.

    Args:
        image: With the notes of `copy_metadata`, or without.

    Returns:
        The picture, and arguments for Pillow's `save`.
    """
    options = {}
    exif = image.info.get(EXIF)
    if exif and len(exif) <= _LONGEST_EXIF:
        options["exif"] = exif
    data = image.info.get(PROFILE)
    if data and image.mode in ("RGB", "RGBA"):
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
            if not is_srgb(profile):
                image = ImageCms.profileToProfile(image, _SRGB, profile)
            options["icc_profile"] = data
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # It was not applied when the photo was read, either.
    return image, options


def is_srgb(profile: ImageCms.ImageCmsProfile) -> bool:
    """Returns whether a profile says that it is sRGB."""
    return ImageCms.getProfileDescription(profile).startswith("sRGB")
