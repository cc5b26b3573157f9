"""What an export may be told, for all formats."""

import dataclasses
import itertools
import os

import numpy as np

from fast_style.data.photos import list_images
from fast_style.inference.formats.registry import get_format
from fast_style.io.images import open_image
from fast_style.io.resizing import fit_size
from fast_style.io.resizing import resize_array

_MOST_PHOTOS = 32
_LARGEST_PHOTO = 512


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExportOptions:
    """What the file of a format gets, beside the generator.

    Attributes:
        precision: A name in the format's `precisions`.
        size: `(H, W)` of the one picture that it takes; None: any batch and size.
        photos: uint8 arrays `(1, H, W, 3)`, from which the ranges of 8 bits are taken.
        metadata: Dict of texts that the file carries, if it has room.
    """

    precision: str = "float32"
    size: tuple[int, int] | None = None
    photos: tuple[np.ndarray, ...] = ()
    metadata: dict[str, str] = dataclasses.field(default_factory=dict)


def check_options(
    format: str,
    precision: str = "float32",
    size: tuple[int, int] | None = None,
    calibration: str | os.PathLike | None = None,
) -> None:
    """Checks what `export_style` is told about a format, before any work.

    Raises:
        ValueError: If the format cannot do that.
    """
    spec = get_format(format)
    if precision not in spec.precisions:
        raise ValueError(
            f"`precision` must be one of {', '.join(spec.precisions)} with "
            f"format={format!r}. Received: precision={precision!r}"
        )
    if size is not None and not (
        len(size) == 2 and all(isinstance(n, int) and n > 0 for n in size)
    ):
        raise ValueError(
            "`size` must be a height and a width in pixels, such as (480, 640). "
            f"Received: size={size!r}"
        )
    if size is not None and not spec.has_sizes:
        raise ValueError(f"`size` must be None with format={format!r}, of any size.")
    if calibration is not None and precision not in spec.calibrated:
        raise ValueError(
            "`calibration` is for precision='int8' with onnx and openvino; nothing "
            f"else needs photos. Received: format={format!r}, precision={precision!r}"
        )


def load_photos(
    folder: str | os.PathLike, size: tuple[int, int] | None = None
) -> tuple[np.ndarray, ...]:
    """Loads the photos of a folder, up to 32.

    Args:
        folder: Searched with what is in it.
        size: `(H, W)` of all of them; None: their own, up to 512 pixels.

    Returns:
        uint8 arrays `(1, H, W, 3)`.

    Raises:
        FileNotFoundError: If there is no such folder.
        ValueError: If a photo cannot be read, or there is none.
    """
    paths, _ = list_images(folder)
    photos = []
    for path in itertools.islice(paths, _MOST_PHOTOS):
        photo = np.asarray(open_image(path).convert("RGB"))
        longer_side = min(max(photo.shape[:2]), _LARGEST_PHOTO)
        photo = resize_array(photo, size or fit_size(photo.shape[:2], longer_side))
        photos.append(photo[None])
    if not photos:
        raise ValueError(
            f"Expected a folder with photos. Received: {os.fspath(folder)!r}, without."
        )
    return tuple(photos)
