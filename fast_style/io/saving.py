"""Pictures to files, whole or not at all."""

import os
import pathlib

import numpy as np
from PIL import Image

from fast_style.io.arrays import to_uint8
from fast_style.io.deep_color import DEEP_FORMATS
from fast_style.io.deep_color import write_deep
from fast_style.io.extras import check_installed
from fast_style.io.files import check_path
from fast_style.io.files import check_writable
from fast_style.io.files import replacing
from fast_style.io.heif import PACKAGE as PACKAGE_OF_HEIC
from fast_style.io.heif import register_heif
from fast_style.io.images import load_image
from fast_style.io.metadata import copy_metadata
from fast_style.io.metadata import EXIF
from fast_style.io.metadata import restore_metadata
from fast_style.io.picture_formats import WRITTEN_FORMATS
from fast_style.io.stored_pictures import write_stored
from fast_style.io.stored_rows import StoredRows
from fast_style.io.vips import FORMATS
from fast_style.io.vips import PACKAGE

# https://developers.google.com/speed/webp/docs/api: 90 looks like the original.
_SAVE_OPTIONS = {
    "JPEG": {"quality": 95, "subsampling": 0},
    "WEBP": {"quality": 90},
    "AVIF": {"quality": 80},
    "HEIF": {"quality": 80},
}
_FORMATS_WITH_METADATA = ("AVIF", "HEIF", "JPEG", "PNG", "TIFF", "WEBP")
_OPAQUE_FORMATS = ("BMP", "DIB", "JPEG", "PCX", "PPM")


def save_image(
    image, path: str | os.PathLike, *, quality: int | None = None, notes=None
) -> None:
    """Writes a picture into a file, whole or not at all.

    Args:
        image: `PIL.Image.Image`, or array `(H, W, 3)` or `(H, W, 4)`, uint8 or float
            in [0, 255], or uint16 in [0, 65535], of which PNG and TIFF files keep 16
            bits; or `StoredRows`.
        path: Of the file; its folder is made if it is missing. The suffix chooses
            the format; formats without transparency show white in its place.
        quality: Of JPEG, WebP, AVIF and HEIC, 1 to 100; None: 95, 90, 80 and 80. GIF
            has 256 colours; other formats lose nothing.
        notes: What is written beside pixels, as `read_notes` returns it: the colour
            profile of the photo, to which the colours are converted, EXIF, XMP and
            more. None: what `open_image` noted in the picture.

    Raises:
        ImportError: If 16 bits are to be written and libvips is not installed, or HEIC
            and pillow-heif is not.
        ValueError: If `quality` is not 1 to 100, `path` is empty, or its suffix names
            no format that Pillow writes.
        OSError: If the file cannot be written. An older one stays.
    """
    check_quality(quality)
    path = check_path("path", path)
    image_format = check_image_suffix(path)
    if isinstance(image, StoredRows):
        # libvips writes no EXIF into a TIFF.
        is_whole = image_format == "TIFF" and EXIF in (notes or {})
        if image_format in FORMATS and not (is_whole and image.dtype == np.uint8):
            _save_stored(image, path, image_format, notes or {}, quality)
            return
        image = image[:]
    if getattr(image, "dtype", None) == np.uint16:
        if image_format in DEEP_FORMATS:
            _save_deep(image, path, image_format, notes or {})
            return
        image = image / 257.0  # 65535 becomes 255.
    if not isinstance(image, Image.Image):
        is_whole = getattr(image, "dtype", None) == np.uint8  # It may be large.
        image = Image.fromarray(image if is_whole else to_uint8(image))
        image.info = notes or {}
    if image.mode == "RGBA" and image_format in _OPAQUE_FORMATS:
        opaque = Image.fromarray(to_uint8(load_image(image)))
        copy_metadata(image, opaque)
        image = opaque
    path.parent.mkdir(parents=True, exist_ok=True)
    options = dict(_SAVE_OPTIONS.get(image_format, {}))
    if quality is not None and image_format in _SAVE_OPTIONS:
        options["quality"] = quality
    if image_format in _FORMATS_WITH_METADATA:
        image, notes = restore_metadata(image, image_format)
        options |= notes
    with replacing(path) as temporary, open(temporary, "wb") as stream:
        image.save(stream, image_format, **options)


def _save_deep(array, path, image_format, notes):
    check_installed(PACKAGE, "Writing 16 bits per channel")
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        write_deep(array, temporary, image_format, notes)


def _save_stored(stored, path, image_format, notes, quality):
    options = {} if quality is None else {"quality": quality}
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        write_stored(stored, temporary, image_format, notes=notes, **options)


def check_quality(quality: int | None) -> None:
    """Checks the quality of a file that loses some.

    Raises:
        ValueError: If it is not 1 to 100 or None.
    """
    if quality is not None and not 1 <= quality <= 100:
        raise ValueError(
            f"`quality` must be 1 to 100 or None. Received: quality={quality!r}"
        )


def check_image_suffix(path: str | os.PathLike, *, name: str = "path") -> str:
    """Returns the format that a file name stands for.

    Args:
        path: Of the file, which need not exist.
        name: Of the argument, for the message.

    Returns:
        Pillow's name of the format, such as `"PNG"`.

    Raises:
        ImportError: If it is HEIC and pillow-heif is not installed.
        ValueError: If the suffix names no format that holds any picture.
    """
    image_format = WRITTEN_FORMATS.get(pathlib.Path(path).suffix.lower())
    if image_format is None:
        raise ValueError(
            f"`{name}` must end as a picture does that has any size and colours, such "
            f"as .png or .jpg: {', '.join(sorted(WRITTEN_FORMATS))}. "
            f"Received: {name}={os.fspath(path)!r}"
        )
    if image_format == "HEIF":
        check_installed(PACKAGE_OF_HEIC, "Writing HEIC")
        register_heif()
    return image_format


def check_image_path(path: str | os.PathLike, *, name: str = "path") -> pathlib.Path:
    """Checks that a picture can be written, before the work that makes it.

    Its folder is made if it is missing.

    Args:
        path: Of the file; if it exists it stays as it is.
        name: Of the argument, for the message.

    Returns:
        The path.

    Raises:
        ValueError: If it is empty, or its suffix names no format that Pillow writes.
        OSError: If it is a folder, or cannot be written.
    """
    check_image_suffix(check_path(name, path), name=name)
    return check_writable(name, path)
