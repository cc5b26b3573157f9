"""Files of pictures up to their first pixel: what Pillow reads of the header."""

import contextlib
import io
import os
import pathlib
import stat
import threading
import warnings

from PIL import Image
from PIL import UnidentifiedImageError

from fast_style.io.files import expand_home
from fast_style.io.heif import explain_missing
from fast_style.io.heif import register_heif
from fast_style.io.picture_formats import name_heif
from fast_style.io.png_chunks import leave_out_large_notes

# Of which RGB has 900 MB. A file of a few kB may declare any number.
MAX_PIXELS = 300_000_000
_LIMIT_LOCK = threading.Lock()


def is_stream(path: str | os.PathLike) -> bool:
    """Returns whether a path is that of a pipe or a device, which can be read once.

    Args:
        path: Path of what need not exist.
    """
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


@contextlib.contextmanager
def opening(source, max_pixels: float = MAX_PIXELS):
    """Opens a picture and reads its header; what goes wrong is said in words.

    Args:
        source: Path, encoded bytes or open file.
        max_pixels: A file that declares more is refused.

    Yields:
        A `PIL.Image.Image`, not decoded.

    Raises:
        FileNotFoundError: If there is no such file.
        TypeError: If it is of another type.
        ValueError: If it is not a picture, is too large, or anything that Pillow
            raises about it meanwhile.
    """
    if isinstance(source, bytes | bytearray | memoryview):
        name, file = "the given bytes", io.BytesIO(source)
    elif hasattr(source, "read"):
        name, file = repr(getattr(source, "name", "the given file")), source
        if not getattr(source, "seekable", lambda: True)():
            file = io.BytesIO(source.read())
    elif isinstance(source, str | os.PathLike):
        name, file = repr(os.fspath(source)), expand_home(source)
        if is_stream(file):  # It is read once, and here more than once.
            file = io.BytesIO(pathlib.Path(file).read_bytes())
    else:
        raise TypeError(
            "Expected a picture: a path, encoded bytes, an open file, a "
            f"`PIL.Image.Image` or an array. Received: {source!r:.80} of type "
            f"{type(source).__name__}"
        )
    with explaining(name), _open(file) as image:
        width, height = image.size
        if width * height > max_pixels:
            raise Image.DecompressionBombError(
                f"{width}x{height} pixels, where at most {max_pixels} are allowed"
            )
        yield image


class _MissingDecoderError(ValueError):
    """A picture of a kind that something must be installed for."""


def _open(file):
    is_file = not hasattr(file, "read")
    smaller, profile = leave_out_large_notes(file)
    try:
        image = _open_without_limit(smaller or file)
    except UnidentifiedImageError:
        kind = name_heif(_read_start(file))
        if missing := kind and explain_missing(kind):
            raise _MissingDecoderError(
                f"a picture in {kind}, which needs {missing}"
            ) from None
        if not (kind == "HEIC" and register_heif()):
            raise
        image = _open_without_limit(file)
    if smaller and is_file:
        image.filename = os.fspath(file)
    if profile:
        image.info["icc_profile"] = profile
    return image


def _read_start(file):
    if not hasattr(file, "read"):
        with open(file, "rb") as opened:
            return opened.read(12)
    file.seek(0)
    start = file.read(12)
    file.seek(0)
    return start


def _open_without_limit(file):
    # Pillow's own limit is one for the whole process, and lower than ours.
    with _LIMIT_LOCK:
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            return Image.open(file)
        finally:
            Image.MAX_IMAGE_PIXELS = limit


@contextlib.contextmanager
def explaining(name: str):
    """Makes errors of Pillow a `ValueError` with the name of the picture."""
    try:
        yield
    except (FileNotFoundError, PermissionError, IsADirectoryError, MemoryError):
        raise
    except _MissingDecoderError as error:
        raise ValueError(f"{name} is {error}") from None
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


def count_frames(image: Image.Image) -> int:
    """Returns how many frames or pages a picture has.

    Args:
        image: Opened. If frames behind the first are damaged, they count as one.
    """
    if image.format == "MPO":  # A phone's JPEG; the second may be a map of depth.
        return 1
    try:
        return getattr(image, "n_frames", 1)
    except Exception:  # Other frames are damaged; the first need not be.
        return 2


def warn_of_frames(source, number: int) -> None:
    """Warns that of several frames the first is used.

    Args:
        source: From where they are, for the message.
        number: How many there are.
    """
    name = source if isinstance(source, str | os.PathLike) else "The picture"
    warnings.warn(
        f"{name} has {number} frames or pages; only the first is used.", stacklevel=3
    )
