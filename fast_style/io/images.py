"""Picture files of every kind to images.

Inside the library a picture is RGB, float32, [0, 255], `(H, W, 3)`. This is the one
place that knows about files and how Pillow reads them.
"""

import contextlib
import io
import os
import threading
import warnings

import numpy as np
from PIL import Image
from PIL import UnidentifiedImageError

from fast_style.io.arrays import array_to_images
from fast_style.io.arrays import to_uint8
from fast_style.io.colour_modes import to_rgb_or_rgba

IMAGE_SUFFIXES = (
    ".avif", ".bmp", ".gif", ".jpeg", ".jpg", ".png", ".ppm", ".tif", ".tiff", ".webp",
)  # fmt: skip
# With which whole files end.
_ENDS = {"JPEG": b"\xff\xd9", "PNG": b"IEND\xae\x42\x60\x82"}
# Of which RGB has 900 MB. A file of a few kB may declare any number.
MAX_PIXELS = 300_000_000
_LONGEST_END = 64  # Some cameras fill up with zeros.
_LIMIT_LOCK = threading.Lock()


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
    image = open_image(source)
    if image.mode == "RGBA":
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return np.asarray(image.convert("RGB"), "float32")


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
        with _explaining("the given picture"):  # Pillow decodes as late as it can.
            return to_rgb_or_rgba(source)
    with _opening(source, max_pixels) as image:
        has_more = _has_more_frames(image)
        if smallest_size is not None:
            image.draft(None, smallest_size)
        decoded = to_rgb_or_rgba(image)
    if has_more and smallest_size is None:
        name = source if isinstance(source, str | os.PathLike) else "The picture"
        warnings.warn(
            f"{name} has several frames or pages; only the first is used.",
            stacklevel=2,
        )
    return decoded


def _has_more_frames(image):
    if image.format == "MPO":  # A phone's JPEG; the second may be a map of depth.
        return False
    try:
        return getattr(image, "is_animated", False)
    except Exception:
        return True  # They are damaged; the first need not be.


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
    with _opening(path, max_pixels=float("inf")) as image:
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
    with _opening(path) as image:
        size, end = image.size, _ENDS.get(image.format)
    with open(path, "rb") as file:
        file.seek(-min(_LONGEST_END, os.path.getsize(path)), os.SEEK_END)
        is_whole = end and file.read().rstrip(b"\0").endswith(end)
    if not is_whole:  # Or of a format without a known end, or with notes after it.
        open_image(path, smallest_size=(1, 1))
    return size


@contextlib.contextmanager
def _opening(source, max_pixels=MAX_PIXELS):
    if isinstance(source, bytes | bytearray | memoryview):
        name, file = "the given bytes", io.BytesIO(source)
    elif hasattr(source, "read"):
        name, file = repr(getattr(source, "name", "the given file")), source
    elif isinstance(source, str | os.PathLike):
        name, file = repr(os.fspath(source)), source
    else:
        raise TypeError(
            "Expected a picture: a path, encoded bytes, an open file, a "
            f"`PIL.Image.Image` or an array. Received: {source!r:.80} of type "
            f"{type(source).__name__}"
        )
    with _explaining(name), _open_without_limit(file) as image:
        width, height = image.size
        if width * height > max_pixels:
            raise Image.DecompressionBombError(
                f"{width}x{height} pixels, where at most {max_pixels} are allowed"
            )
        yield image


def _open_without_limit(file):
    # Pillow's own limit is one for the whole process, and lower than ours.
    with _LIMIT_LOCK:
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            return Image.open(file)
        finally:
            Image.MAX_IMAGE_PIXELS = limit


@contextlib.contextmanager
def _explaining(name):
    try:
        yield
    except (FileNotFoundError, PermissionError, IsADirectoryError, MemoryError):
        raise
    except UnidentifiedImageError:
        raise ValueError(
            "Expected a picture that Pillow can read, such as JPEG, PNG or WebP. "
            f"Received: {name}, which is not one."
        ) from None
    except Image.DecompressionBombError as error:
        raise ValueError(
            f"{name} is too large to decode safely: {error}. If you trust it, allow "
            "more with `max_pixels`."
        ) from None
    except Exception as error:
        # On damaged files Pillow raises nearly anything, struct.error too.
        raise ValueError(f"{name} is damaged or cut short ({error}).") from None


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
    else:
        image = load_image(source)
    return resize_to_longer_side(image, image_size) if image_size else image


def resize_to_longer_side(image, image_size: int) -> np.ndarray:
    """Shrinks or enlarges a picture, keeping the ratio of its sides.

    Args:
        image: RGB `(H, W, 3)` in [0, 255].
        image_size: Pixels of the longer side of the result, at least 1.

    Returns:
        RGB `(H, W, 3)`, float32 in [0, 255], in whole numbers.
    """
    height, width = image.shape[:2]
    scale = image_size / max(height, width)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    resized = Image.fromarray(to_uint8(image)).resize(size, Image.Resampling.LANCZOS)
    return np.asarray(resized, "float32")
