"""XMP of a photo, so that it is true of the picture which is written."""

import re
from xml.etree import ElementTree

# The orientation has been applied, and the size may be another; the picture in it
# shows the photo; more of it would lie in a part of the file that is not copied.
_STALE = (
    "tiff:Orientation", "tiff:ImageWidth", "tiff:ImageLength", "exif:PixelXDimension",
    "exif:PixelYDimension", "xmp:Thumbnails", "xmpNote:HasExtendedXMP",
)  # fmt: skip
# What it says of other parts of the file, which are not copied: maps of brightness and
# depth, a film.
_OF_OTHER_PARTS = (
    b"http://ns.adobe.com/hdr-gain-map/", b"http://ns.apple.com/HDRGainMap/",
    b"http://ns.google.com/photos/1.0/", b"http://ns.google.com/photos/dd/1.0/",
)  # fmt: skip
_PATTERNS = tuple(
    re.compile(pattern.replace("NAME", name).encode(), re.DOTALL)
    for name in _STALE
    for pattern in (r"""\sNAME\s*=\s*("[^"]*"|'[^']*')""", r"<NAME\b.*?</NAME\s*>")
)


def clean_xmp(data: bytes | str | None) -> bytes | None:
    """Returns XMP without what does not hold of a picture that was made of a photo.

    Args:
        data: XMP of the photo, or None.

    Returns:
        XMP, or None if there is none, it is damaged, or it describes parts of the
        photo's file which are not in that of the picture.
    """
    if not data:
        return None
    data = data.encode("utf-8") if isinstance(data, str) else bytes(data)
    # There is no DTD in XMP; one could make a few bytes very long.
    if b"<!DOCTYPE" in data or any(part in data for part in _OF_OTHER_PARTS):
        return None
    data = data.strip(b"\0 \r\n\t")
    for pattern in _PATTERNS:
        data = pattern.sub(b"", data)
    try:
        ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    return data
