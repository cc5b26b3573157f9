"""EXIF of a photo, so that it is true of the picture which is written."""

from PIL import ExifTags
from PIL import Image

_BASE, _IFD = ExifTags.Base, ExifTags.IFD
# How a TIFF stores its pixels, which Pillow lists with its EXIF; profile and XMP, which
# are written by themselves.
_STORAGE_TAGS = (
    *range(254, 260), 262, 266, 273, *range(277, 282), 284, 317, 320, *range(322, 326),
    338, 339, 347, *range(529, 533), 700, 34675,
)  # fmt: skip
_SIZE_TAGS = (_BASE.ExifImageWidth, _BASE.ExifImageHeight)
_RELATED_SIZE_TAGS = (0x1001, 0x1002)  # Width and height, for interoperability.
_PLACE_TAGS = (0x9214, _BASE.SubjectLocation)  # Of the subject, in pixels.


def read_exif(image: Image.Image) -> bytes | None:
    """Returns the EXIF of a photo that has been turned upright, as a file may have it.

    Left out are the orientation, which has been applied, the thumbnail, how the pixels
    are stored, and entries that cannot be written or read again, one by one.

    Args:
        image: As it was opened, or with EXIF in its `info`.

    Returns:
        EXIF with the header of a classic TIFF, or None if there is none.
    """
    try:
        exif = image.getexif()
        tags = _list_tags(exif)
    except Exception:  # Damaged notes are no reason to lose a picture.
        return None
    if tags.pop(_BASE.Orientation, 1) != 1 and _IFD.Exif in tags:
        for tag in _PLACE_TAGS:
            tags[_IFD.Exif].pop(tag, None)
    for tag in _STORAGE_TAGS:
        tags.pop(tag, None)
    return _encode(_leave_out_damaged(tags), exif.endian)


def fit_exif(data: bytes, size: tuple[int, int]) -> bytes | None:
    """Returns EXIF in which a picture has the size that it has.

    Args:
        data: As `read_exif` returned it.
        size: Width and height of the picture, in pixels.

    Returns:
        EXIF, or None if it cannot be read.
    """
    exif = Image.Exif()
    try:
        exif.load(data)
        tags = _list_tags(exif)
    except Exception:  # Of a picture whose `info` someone else has filled.
        return None
    details = tags.get(_IFD.Exif, {})
    before = tuple(details.get(tag) for tag in _SIZE_TAGS)
    if before == size or before == (None, None):
        return data
    for tag in _PLACE_TAGS:
        details.pop(tag, None)
    _set_present(details, _SIZE_TAGS, size)
    _set_present(details.get(_IFD.Interop, {}), _RELATED_SIZE_TAGS, size)
    return _encode(_leave_out_damaged(tags), exif.endian)


def _set_present(tags, names, values):
    tags.update((n, v) for n, v in zip(names, values, strict=True) if n in tags)


def _list_tags(exif):
    """Returns all entries, those of inner directories in dicts."""
    tags = dict(exif.items())
    _unfold(exif, tags, _IFD.Exif)
    _unfold(exif, tags, _IFD.GPSInfo)
    _unfold(exif, tags.get(_IFD.Exif, {}), _IFD.Interop)
    return tags


def _unfold(exif, tags, name):
    if name in tags:
        try:
            tags[name] = dict(exif.get_ifd(name))
        except Exception:  # It is damaged; what is around it need not be.
            tags[name] = {}
        if not tags[name]:
            del tags[name]


def _leave_out_damaged(tags):
    if _encode(tags) is not None:
        return tags
    whole = {}
    for tag, value in tags.items():
        if isinstance(value, dict):
            value = {k: v for k, v in value.items() if _encode({tag: {k: v}})}
        if _encode({tag: value}):
            whole[tag] = value
    return whole


def _encode(tags, endian=None):
    """Returns EXIF with these entries, or None if they do not come back from it."""
    exif, again = Image.Exif(), Image.Exif()
    exif.endian = endian
    try:
        for tag, value in tags.items():
            exif[tag] = value
        data = exif.tobytes()
        again.load(data)
        is_whole = _list_keys(_list_tags(again)) == _list_keys(tags)
    except Exception:  # A value of another type than its tag has, of any kind.
        return None
    return data if tags and is_whole else None


def _list_keys(tags):
    return {
        tag: _list_keys(value) if isinstance(value, dict) else None
        for tag, value in tags.items()
    }
