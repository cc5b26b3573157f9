"""Picture files of every kind to images.

Inside the library a picture is RGB, float32, [0, 255], `(H, W, 3)`.
"""

import os
import warnings

import numpy as np
from PIL import Image

from fast_style.io.arrays import array_to_images
from fast_style.io.arrays import to_uint8
from fast_style.io.colour_modes import to_rgb_or_rgba
from fast_style.io.deep_color import has_deep_color
from fast_style.io.deep_color import read_deep
from fast_style.io.extras import is_installed
from fast_style.io.extras import name_command
from fast_style.io.files import expand_home
from fast_style.io.metadata import read_notes
from fast_style.io.opening import count_frames
from fast_style.io.opening import explaining
from fast_style.io.opening import MAX_PIXELS
from fast_style.io.opening import opening
from fast_style.io.opening import warn_of_frames
from fast_style.io.resizing import fit_size
from fast_style.io.stored_pictures import can_be_stored
from fast_style.io.stored_pictures import store_picture
from fast_style.io.stored_rows import StoredRows
from fast_style.io.vips import PACKAGE

# With which whole files end.
_ENDS = {"JPEG": b"\xff\xd9", "PNG": b"IEND\xae\x42\x60\x82"}
_LONGEST_END = 64  # Some cameras fill up with zeros.


def load_image(source) -> np.ndarray:
    """Reads a picture for training or evaluation; transparency shows white.

    Args:
        source: Path, encoded bytes, or `PIL.Image.Image`, in any colour mode.

    Returns:
        RGB `(H, W, 3)`, float32 in [0, 255], turned upright as its EXIF says.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is not a picture, is cut short, or is too large to
            decode safely (`MAX_PIXELS`).
    """
    return np.asarray(_to_rgb(open_image(source)), "float32")


def _to_rgb(picture):
    if picture.mode == "RGBA":
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    return picture.convert("RGB")


def open_image(
    source,
    *,
    smallest_size: tuple[int, int] | None = None,
    max_pixels: int = MAX_PIXELS,
) -> Image.Image:
    """Opens and decodes a picture, upright, as 8-bit `"RGB"` or `"RGBA"`.

    Args:
        source: Path, encoded bytes, open file or `PIL.Image.Image`, in any colour mode.
            Of an animation the first frame is taken, with a warning.
        smallest_size: `(width, height)` that are enough; a JPEG is then
            decoded at a half, quarter or eighth, which is much faster. No warning
            then: one photo of many is read, or only a part of it.
        max_pixels: A file that declares more is refused before it is decoded.

    Returns:
        A new picture, `"RGBA"` if the source has any transparency.

    Raises:
        FileNotFoundError: If there is no such file.
        TypeError: If it is of another type.
        ValueError: If it is not a picture, is cut short, or is too large.
    """
    if isinstance(source, Image.Image):
        with explaining("the given picture"):  # Pillow decodes as late as it can.
            return to_rgb_or_rgba(source)
    with opening(source, max_pixels) as image:
        num_frames = count_frames(image) if smallest_size is None else 1
        if smallest_size is not None:
            image.draft(None, smallest_size)
        decoded = to_rgb_or_rgba(image)
    if num_frames > 1:
        warn_of_frames(source, num_frames)
    return decoded


def open_array(
    path: str | os.PathLike,
    *,
    is_deep: bool = False,
    is_stored: bool = False,
    max_pixels: int = MAX_PIXELS,
) -> tuple[np.ndarray | StoredRows, dict]:
    """Opens and decodes a picture as an array, as `open_image` does.

    Args:
        path: Of the file.
        is_deep: Whether PNG and TIFF files with 16 bits per channel keep them; if
            libvips is not installed, a warning says how to.
        is_stored: Whether the pixels go into a temporary file if they can, so that they
            take no memory: of JPEG, PNG and TIFF files in the usual modes, if libvips
            is installed.
        max_pixels: A file that declares more is refused before it is decoded.

    Returns:
        RGB `(H, W, 3)`, or `(H, W, 4)` if there is transparency, uint8 in [0, 255] or
        uint16 in [0, 65535]; and notes for `save_image`, of `read_notes`. `StoredRows`
        in the place of an array that is stored.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is not a picture, is cut short, or is too large.
    """
    path = expand_home(path)
    with opening(path, max_pixels) as image:
        is_deep = is_deep and has_deep_color(image)
        if is_deep and not is_installed(PACKAGE):
            is_deep = False
            warnings.warn(
                f"{os.fspath(path)} has 16 bits per channel, of which 8 are kept. "
                f"For all: {name_command(PACKAGE)}",
                stacklevel=2,
            )
        is_stored = is_stored and can_be_stored(image, is_deep=is_deep)
        if is_deep or is_stored:
            if (num_frames := count_frames(image)) > 1:
                warn_of_frames(path, num_frames)
            notes = read_notes(image)
            if is_stored:
                return store_picture(image, is_deep=is_deep), notes
            return read_deep(path, image.format), notes
    picture = open_image(path, max_pixels=max_pixels)
    return np.asarray(picture), picture.info


def read_declared_size(path: str | os.PathLike) -> tuple[int, int]:
    """Reads from a picture's header how many pixels it will have, and nothing else.

    Args:
        path: Of the file.

    Returns:
        Width and height, in pixels, as they are stored.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is not a picture.
    """
    with opening(path, max_pixels=float("inf")) as image:
        return image.size


def read_image_size(path: str | os.PathLike) -> tuple[int, int]:
    """Reads a picture's size from its header, and checks that its end is there.

    Most files are not read whole for that; damage in the middle is not found.

    Args:
        path: Of the file.

    Returns:
        Width and height, in pixels, as they are stored.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is not a picture, is cut short, or is too large.
    """
    path = expand_home(path)
    with opening(path) as image:
        size, end = image.size, _ENDS.get(image.format)
    with open(path, "rb") as file:
        file.seek(-min(_LONGEST_END, os.path.getsize(path)), os.SEEK_END)
        is_whole = end and file.read().rstrip(b"\0").endswith(end)
    if not is_whole:  # Or of a format without a known end, or with notes after it.
        open_image(path, smallest_size=(1, 1))
    return size


def load_resized(source, image_size: int) -> np.ndarray:
    """Reads a picture, of a file or an array, and scales it.

    Args:
        source: Path, encoded bytes, `PIL.Image.Image`, or an array of one
            picture, as `array_to_images` takes it.
        image_size: Pixels of the longer side; 0 keeps the picture's own.

    Returns:
        RGB `(H, W, 3)`, float32 in [0, 255]. Transparency of files shows white.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is not a picture, is cut short, is too large, or is an
            array of another shape, type or range.
    """
    if isinstance(source, np.ndarray):
        image = array_to_images(source)[0][0]
        return resize_to_longer_side(image, image_size) if image_size else image
    picture = _to_rgb(open_image(source))
    if image_size:
        picture = _resize(picture, image_size)
    return np.asarray(picture, "float32")


def resize_to_longer_side(image, image_size: int) -> np.ndarray:
    """Shrinks or enlarges a picture, keeping the ratio of its sides.

    Args:
        image: RGB `(H, W, 3)` in [0, 255].
        image_size: Pixels of the longer side of the result, at least 1.

    Returns:
        RGB `(H, W, 3)`, float32 in [0, 255], in whole numbers.
    """
    resized = _resize(Image.fromarray(to_uint8(image)), image_size)
    return np.asarray(resized, "float32")


def _resize(picture, longer_side):
    size = fit_size(picture.size, longer_side)
    return picture.resize(size, Image.Resampling.LANCZOS)
