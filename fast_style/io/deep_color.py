"""Pictures with 16 bits per channel, which Pillow would cut to 8; by libvips."""

import os

import numpy as np
from PIL import Image

from fast_style.io.vips import import_pyvips
from fast_style.io.vips import open_vips
from fast_style.io.vips import write_vips

DEEP_FORMATS = ("PNG", "TIFF")
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
    pyvips = import_pyvips()
    try:
        array = open_vips(path, image_format, bits=16).numpy()
    except pyvips.Error as error:
        name = os.fspath(path)
        raise ValueError(f"{name!r} is damaged or cut short ({error}).") from None
    if array.dtype != np.uint16 or array.ndim != 3 or array.shape[-1] not in (3, 4):
        raise ValueError(
            "Expected a picture with 16 bits per channel, grey or RGB. Received: "
            f"{os.fspath(path)!r} with {array.shape}, {array.dtype}"
        )
    return array


def write_deep(
    array: np.ndarray, path: str | os.PathLike, image_format: str, notes: dict
) -> None:
    """Encodes a picture with 16 bits per channel.

    Args:
        array: uint16 `(H, W, 3)` or `(H, W, 4)`, sRGB.
        path: Of the file.
        image_format: `"PNG"` or `"TIFF"`.
        notes: As of `read_notes`.

    Raises:
        OSError: If it cannot be written.
    """
    pyvips = import_pyvips()
    image = pyvips.Image.new_from_array(array)
    try:
        write_vips(image, path, image_format, bits=16, notes=notes)
    except pyvips.Error as error:
        raise OSError(f"{os.fspath(path)!r} could not be written ({error}).") from None
