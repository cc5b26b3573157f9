"""Picture files that are decoded and encoded row by row, by libvips.

A picture of 100 megapixels has 300 MB, and what is made of it as much again. Here both
lie in temporary files.
"""

import os

import numpy as np
from PIL import Image

from fast_style.io.deep_color import has_deep_color
from fast_style.io.extras import is_installed
from fast_style.io.stored_rows import StoredRows
from fast_style.io.vips import FORMATS
from fast_style.io.vips import import_pyvips
from fast_style.io.vips import open_vips
from fast_style.io.vips import PACKAGE
from fast_style.io.vips import write_vips

_NUM_ROWS = 128


def can_be_stored(image: Image.Image, *, is_deep: bool = False) -> bool:
    """Returns whether `store_picture` takes a picture, as Pillow would decode it.

    Args:
        image: Opened by Pillow, not decoded.
        is_deep: Whether its 16 bits per channel are wanted.
    """
    # Windows does not open a temporary file twice.
    if os.name == "nt" or _name_format(image) is None or not is_installed(PACKAGE):
        return False
    if has_deep_color(image):
        return is_deep
    # In others one of the two reads colours or transparency in another way.
    modes = ("L", "RGB", "RGBA") if image.format == "PNG" else ("L", "RGB")
    return image.mode in modes and "transparency" not in image.info


def _name_format(image):
    image_format = "JPEG" if image.format == "MPO" else image.format
    return image_format if image_format in FORMATS else None


def store_picture(image: Image.Image, *, is_deep: bool = False) -> StoredRows:
    """Decodes a picture into a temporary file, upright and in sRGB.

    Args:
        image: Opened by Pillow from a path, not decoded.
        is_deep: Whether its 16 bits per channel are wanted.

    Returns:
        Rows `(H, W, 3)`, or `(H, W, 4)` if there is transparency; uint8, or uint16.

    Raises:
        ValueError: If it is damaged.
    """
    pyvips = import_pyvips()
    bits = 16 if is_deep else 8
    try:
        decoded = open_vips(image.filename, _name_format(image), bits=bits)
        if image.mode in ("L", "RGB"):  # A TIFF may have more, of no known meaning.
            decoded = decoded.extract_band(0, n=3)
        shape = (decoded.height, decoded.width, decoded.bands)
        stored = StoredRows(shape, f"uint{bits}")
        region = pyvips.Region.new(decoded)
        for begin in range(0, decoded.height, _NUM_ROWS):
            num_rows = min(_NUM_ROWS, decoded.height - begin)
            data = region.fetch(0, begin, decoded.width, num_rows)
            stored.append(np.frombuffer(data, stored.dtype))
    except pyvips.Error as error:
        raise ValueError(
            f"{image.filename!r} is damaged or cut short ({error})."
        ) from None
    return stored


def write_stored(
    stored: StoredRows, path: str | os.PathLike, image_format: str, **options
) -> None:
    """Encodes what lies in a temporary file.

    Args:
        stored: Rows `(H, W, 3)` or `(H, W, 4)`, sRGB, uint8 or uint16.
        path: Of the file.
        image_format: One of `FORMATS`.
        **options: `notes`, and `quality`, as in `write_vips`.

    Raises:
        OSError: If it cannot be written.
    """
    pyvips = import_pyvips()
    height, width, channels = stored.shape
    bits = 8 * stored.dtype.itemsize
    try:
        image = pyvips.Image.rawload(
            stored.path, width, height, channels,
            format="ushort" if bits == 16 else "uchar",
            interpretation="rgb16" if bits == 16 else "srgb",
            access="sequential",
        )  # fmt: skip
        write_vips(image, path, image_format, bits=bits, **options)
    except pyvips.Error as error:
        raise OSError(f"{os.fspath(path)!r} could not be written ({error}).") from None
