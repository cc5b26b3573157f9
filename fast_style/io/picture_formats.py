"""Which files are pictures: by their names, and by their first bytes."""

import os
import stat

# Files that end so are taken for pictures without a look into them.
IMAGE_SUFFIXES = (
    ".apng", ".avif", ".bmp", ".dib", ".gif", ".heic", ".heif", ".hif", ".j2c", ".j2k",
    ".jfif", ".jp2", ".jpc", ".jpe", ".jpeg", ".jpf", ".jpg", ".jpx", ".mpo", ".pbm",
    ".pcx", ".pgm", ".png", ".pnm", ".ppm", ".qoi", ".sgi", ".tga", ".tif", ".tiff",
    ".webp",
)  # fmt: skip
# Suffixes whose files hold any picture of 8 bits per channel at its own size, with
# Pillow's name of the format. Icons have fixed sizes, and .pgm or .xbm have no colours.
WRITTEN_FORMATS = {
    **dict.fromkeys((".apng", ".png"), "PNG"),
    **dict.fromkeys((".jfif", ".jpe", ".jpeg", ".jpg", ".mpo"), "JPEG"),
    **dict.fromkeys((".heic", ".heif", ".hif"), "HEIF"),
    **dict.fromkeys((".jp2", ".jpf", ".jpx"), "JPEG2000"),
    **dict.fromkeys((".tif", ".tiff"), "TIFF"),
    **dict.fromkeys((".pnm", ".ppm"), "PPM"),
    ".avif": "AVIF",
    ".bmp": "BMP",
    ".dib": "DIB",
    ".gif": "GIF",
    ".pcx": "PCX",
    ".sgi": "SGI",
    ".tga": "TGA",
    ".webp": "WEBP",
}
# https://www.iana.org/assignments/media-types/image, the registrations' magic numbers.
# Not TIFF's: raw files of cameras begin with it too, and hold a small preview.
_SIGNATURES = (
    b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"qoif",
    b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51",
)  # fmt: skip
# ISO/IEC 23008-12 (HEIF), the brands of still pictures, with HEVC and AV1 inside.
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_AVIF_BRANDS = (b"avif", b"avis")
_NUM_BYTES = 16


def is_picture_file(path: str | os.PathLike) -> bool:
    """Returns whether a file is a picture: by its suffix, else by its first bytes.

    Args:
        path: Path of the file. Whether a file with a picture's suffix can be read, and
            is there at all, is found when it is opened.
    """
    if os.fspath(path).lower().endswith(IMAGE_SUFFIXES):
        return True
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return False  # A pipe would be emptied by a look, or block.
        with open(path, "rb") as file:
            start = file.read(_NUM_BYTES)
    except OSError:
        return False
    is_webp = start[:4] == b"RIFF" and start[8:12] == b"WEBP"
    # Two letters are few; then come the file's size and four bytes of zero.
    is_bmp = start[:2] == b"BM" and start[6:10] == bytes(4)
    has_signature = start.startswith(_SIGNATURES) or is_webp or is_bmp
    return has_signature or name_heif(start) is not None


def name_heif(start: bytes) -> str | None:
    """Returns `"HEIC"` or `"AVIF"` if a file is one of them, else None.

    Args:
        start: The first 12 bytes of the file, or more.
    """
    if start[4:8] != b"ftyp":
        return None
    if start[8:12] in _AVIF_BRANDS:
        return "AVIF"
    return "HEIC" if start[8:12] in _HEIC_BRANDS else None
