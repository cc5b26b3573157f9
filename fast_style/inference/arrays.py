"""An array in, the stylized array out, with all that can be asked for."""

import dataclasses
import functools
import warnings

import numpy as np

from fast_style.inference.adjusting import adjust_array
from fast_style.inference.adjusting import Adjustment
from fast_style.inference.adjusting import load_mask
from fast_style.inference.loaded import LoadedStyle
from fast_style.inference.tiling import stylize_large
from fast_style.inference.tiling import Tiling
from fast_style.io.arrays import array_to_images
from fast_style.io.arrays import check_array
from fast_style.io.arrays import images_to_array
from fast_style.io.opening import MAX_PIXELS
from fast_style.io.resizing import fit_size
from fast_style.io.resizing import resize_array
from fast_style.io.stored_rows import StoredRows

_LARGEST_SCALE = 16


def _report_nothing(text):
    del text


@dataclasses.dataclass(frozen=True, kw_only=True)
class Options:
    """The arguments of `stylize` behind its style, checked."""

    name: str | None = None
    style_image: object = None
    styles: dict | None = None
    strength: float = 1.0
    preserve_color: bool = False
    mask: object = None
    scale: float = 1.0
    max_size: int | None = None
    tile: str | int | None = "auto"
    memory_limit: str | int = "auto"
    statistics: str = "exact"
    max_pixels: int = MAX_PIXELS
    shows_progress: bool = False
    # Called with what computed each picture, such as `tensorflow, in strips`.
    report: object = _report_nothing

    def __post_init__(self):
        self.make_adjustment()
        self.make_tiling()
        given = [
            each
            for each in ("name", "style_image", "styles")
            if getattr(self, each) is not None
        ]
        if len(given) > 1:
            raise ValueError(
                "Either `name`, `style_image` or `styles` must be given. "
                f"Received: {' and '.join(given)}"
            )
        if self.styles is not None and not isinstance(self.styles, dict):
            raise ValueError(
                "`styles` must be a dict from names to weights. "
                f"Received: styles={self.styles!r}"
            )
        scale, size = self.scale, self.max_size
        is_number = isinstance(scale, int | float)
        if not (is_number and 1 / _LARGEST_SCALE <= scale <= _LARGEST_SCALE):
            raise ValueError(
                f"`scale` must be at least 1/{_LARGEST_SCALE} and at most "
                f"{_LARGEST_SCALE}. Received: scale={scale!r}"
            )
        if size is not None and not (isinstance(size, int) and size >= 1):
            raise ValueError(
                "`max_size` must be a number of pixels, at least 1, or None. "
                f"Received: max_size={size!r}"
            )

    def make_adjustment(self, mask=None) -> Adjustment:
        """Returns what is done with the stylized picture."""
        return Adjustment(
            strength=self.strength, preserve_color=self.preserve_color, mask=mask
        )

    def make_tiling(self) -> Tiling:
        """Returns how it is cut in strips."""
        return Tiling(
            tile=self.tile,
            memory_limit=self.memory_limit,
            statistics=self.statistics,
            shows_progress=self.shows_progress,
        )


def is_done_by_rows(num_pixels: int, loaded: LoadedStyle, options: Options) -> bool:
    """Returns whether `stylize_array` takes so many pixels as `StoredRows`.

    Args:
        num_pixels: Of one picture.
        loaded: What stylizes it.
        options: What is asked for.
    """
    if loaded.read is None or options.scale != 1 or options.max_size is not None:
        return False
    weights = (options.styles or {}).values()
    if not all(isinstance(weight, int | float) for weight in weights):
        return False  # Pictures of where to use which style.
    return options.make_tiling().exceeds_memory(num_pixels, loaded)


def stylize_array(array, loaded: LoadedStyle, options: Options):
    """Stylizes a picture or a batch.

    Args:
        array: As `array_to_images` takes it; or `StoredRows`, where `is_done_by_rows`.
        loaded: What stylizes.
        options: What is asked for.

    Returns:
        An array as `images_to_array` makes it, or `StoredRows`.
    """
    check_array(array)
    array = _map_pictures(functools.partial(_limit, options.max_size), array)
    mask = options.mask
    if mask is not None:
        mask = load_mask(mask, array.shape[:2] if array.ndim < 4 else array.shape[1:3])
    adjustment = options.make_adjustment(mask)
    paint = functools.partial(_paint, loaded, options)
    if options.scale == 1:
        return paint(adjustment, array)
    work = functools.partial(_paint_scaled, paint, adjustment, options.scale)
    return _map_pictures(work, array)


def _paint(loaded, options, adjustment, array):
    tiling = options.make_tiling()

    def paint_in_strips():
        options.report(loaded.describe(is_in_strips=True))
        return _map_pictures(
            lambda picture: stylize_large(loaded, picture, tiling, adjustment), array
        )

    batch, *sides = array.shape[:3] if array.ndim == 4 else (1, *array.shape[:2])
    num_pixels = sides[0] * sides[1]
    # The free memory may have grown since the picture was read.
    is_stored = isinstance(array, StoredRows)
    if is_stored or tiling.is_in_strips(num_pixels, loaded, batch):
        return paint_in_strips()
    try:
        images, alpha = array_to_images(array)
        stylized = adjustment.apply(images, loaded.function(images))
        options.report(loaded.describe())
        return images_to_array(stylized, alpha, like=array)
    except Exception as error:
        if tiling.tile is None or loaded.read is None or not _is_out_of_memory(error):
            raise
    warnings.warn(
        "The picture needs more memory than there is; it is stylized in strips.",
        stacklevel=2,
    )
    return paint_in_strips()


def _is_out_of_memory(error):
    # ONNX Runtime and OpenVINO say it in words, TensorFlow by a class of its own.
    words = ("alloc", "out of memory", "ResourceExhausted")
    text = f"{type(error).__name__}: {error}".lower()
    is_said = any(word.lower() in text for word in words)
    return isinstance(error, MemoryError) or is_said


def _paint_scaled(paint, adjustment, scale, array):
    size = array.shape[:2]
    work_size = fit_size(size, max(round(max(size) / scale), 1))
    stylized = paint(Adjustment(), resize_array(array, work_size))
    return adjust_array(adjustment, array, resize_array(stylized, size))


def _limit(max_size, array):
    size = array.shape[:2]
    if max_size is None or max(size) <= max_size:
        return array
    return resize_array(array, fit_size(size, max_size))


def _map_pictures(work, array):
    return work(array) if array.ndim < 4 else np.stack([work(x) for x in array])
