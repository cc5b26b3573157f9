"""Whether a picture is stylized at once or in strips, and the latter."""

import dataclasses
import warnings

import numpy as np
from PIL import Image

from fast_style.inference.loaded import LoadedStyle
from fast_style.inference.strips.pictures import PictureRows
from fast_style.inference.strips.stages import plan_stages
from fast_style.io.arrays import to_uint8
from fast_style.io.memory import get_available_memory
from fast_style.io.progress import ProgressBar
from fast_style.models.architectures import Architecture

_AUTO_SHARE = 0.7  # Of the free memory.
_MOST_BYTES = 1250  # For a pixel, by any generator in `ARCHITECTURES`.
_THUMBNAIL_SIZE = 1024
_COPY_ROWS = 256


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tiling:
    """How a picture that is large is stylized.

    Attributes:
        tile: `"auto"`: in strips if it needs more memory than `memory_limit`; None:
            always at once; a number: always in strips of so many rows.
        memory_limit: Bytes, or `"auto"`: 70 % of those that are free.
        statistics: What is normalized by in strips. `"exact"`: means and variances of
            the whole picture, so that the result is that of the picture at once.
            `"thumbnail"`: those of a copy of at most 1024 pixels, which is faster.
        shows_progress: Whether strips have a progress bar.
    """

    tile: str | int | None = "auto"
    memory_limit: str | int = "auto"
    statistics: str = "exact"
    shows_progress: bool = False

    def __post_init__(self):
        is_count = isinstance(self.tile, int) and self.tile >= 1
        if not (is_count or self.tile is None or self.tile == "auto"):
            raise ValueError(
                "`tile` must be auto, None or a number of rows, at least 1. "
                f"Received: tile={self.tile!r}"
            )
        limit = self.memory_limit
        if limit != "auto" and not (isinstance(limit, int) and limit > 0):
            raise ValueError(
                "`memory_limit` must be auto or a number of bytes. "
                f"Received: memory_limit={limit!r}"
            )
        if self.statistics not in ("exact", "thumbnail"):
            raise ValueError(
                "`statistics` must be exact or thumbnail. "
                f"Received: statistics={self.statistics!r}"
            )

    def may_be_in_strips(self, num_pixels: int, most_pixels: int | None = None) -> bool:
        """Returns whether so many pixels are stylized in strips in some styles.

        Args:
            num_pixels: Of a picture.
            most_pixels: That the engine stylizes rightly; None: any number.
        """
        if self.tile is None:
            return False
        is_too_large = num_pixels > (most_pixels or num_pixels)
        return is_too_large or self._may_exceed_memory(num_pixels)

    def is_in_strips(
        self, num_pixels: int, loaded: LoadedStyle, batch: int = 1
    ) -> bool:
        """Returns whether so many pixels are stylized in strips.

        Args:
            num_pixels: Of a picture.
            loaded: What stylizes it; its style is read only if there are many pixels.
            batch: How many such pictures there are.

        Raises:
            MemoryError: If they should be and are not possible.
            ValueError: If the engine would paint wrong pixels, and strips are not
                possible.
        """
        if num_pixels > (loaded.most_pixels or num_pixels):
            if self.tile is not None and loaded.read is not None:
                return True
            _warn_of_lost_digits(num_pixels, loaded)
        return self.exceeds_memory(num_pixels * batch, loaded)

    def exceeds_memory(self, num_pixels: int, loaded: LoadedStyle) -> bool:
        """Returns whether so many pixels are stylized in strips, to save memory.

        Raises:
            MemoryError: If they should be and are not possible.
        """
        if self.tile is None or not self._may_exceed_memory(num_pixels):
            return False
        if loaded.read is None:
            raise MemoryError(_explain_memory(num_pixels, self.find_limit()))
        needed = num_pixels * estimate_bytes_per_pixel(loaded.style.architecture)
        return self.tile != "auto" or needed > self.find_limit()

    def _may_exceed_memory(self, num_pixels):
        return self.tile != "auto" or num_pixels * _MOST_BYTES > self.find_limit()

    def find_limit(self) -> float:
        """Returns how many bytes may be taken."""
        if self.memory_limit != "auto":
            return self.memory_limit
        return _AUTO_SHARE * get_available_memory()


def estimate_bytes_per_pixel(architecture: Architecture) -> int:
    """Returns about how much memory an engine takes for a pixel of a picture.

    It is spent on the widest convolution at full resolution: its input, as it is,
    padded and normalized, and its output.
    """
    up, refine = architecture.up, architecture.refine
    widths = [(up[-2] if len(up) > 1 else up[-1], up[-1])]
    widths.append((up[-1] + 3, refine[0] if refine else 3))
    widths += [(3, filters) for filters, _, stride in architecture.down if stride == 1]
    return 12 * max(map(sum, widths)) + 50


def _explain_memory(num_pixels, limit):
    return (
        f"{num_pixels / 1e6:.1f} megapixels may need "
        f"{num_pixels * _MOST_BYTES / 2**30:.1f} GiB of memory, and "
        f"{limit / 2**30:.1f} GiB may be taken. Only bundled styles, workdirs "
        "and `.keras` files are stylized in strips, which need less. Take one "
        "of them, or `tile=None` if you have the memory."
    )


def _warn_of_lost_digits(num_pixels, loaded):
    remedy = (
        "Leave `tile` at auto, which takes strips"
        if loaded.read is not None
        else "Take a bundled style, a workdir or a `.keras` file, which is stylized in "
        "strips"
    )
    is_wrong = num_pixels > (loaded.wrong_pixels or num_pixels)
    bound = loaded.wrong_pixels if is_wrong else loaded.most_pixels
    what = "paints wrong pixels" if is_wrong else "may be off by some levels"
    text = (
        f"The engine {loaded.engine} {what} above {bound / 1e6:g} megapixels. "
        f"Received: {num_pixels / 1e6:.1f} megapixels. {remedy}, or another engine."
    )
    if is_wrong:
        raise ValueError(text)
    warnings.warn(text, stacklevel=2)


def stylize_large(loaded: LoadedStyle, array, tiling: Tiling, adjustment):
    """Stylizes a picture in strips.

    Args:
        loaded: What stylizes.
        array: One picture, as `array_to_images` takes it, or `StoredRows`.
        tiling: How.
        adjustment: `Adjustment` of the result.

    Returns:
        Array as `images_to_array` makes it, or `StoredRows`.
    """
    # They import TensorFlow, and few pictures are large.
    from fast_style.inference.strips import painting
    from fast_style.inference.strips import storing

    style, picture = loaded.style, PictureRows(array)
    output = picture.make_output()

    def prepare(picture):
        num_pixels, limit = picture.height * picture.width, tiling.find_limit()
        storage = storing.choose_storage(style, num_pixels, limit)
        factor = storage.least_factor
        stages = plan_stages(style, least_factor=factor)
        return (
            stages,
            picture,
            lambda i: loaded.load_stage((factor, i), stages[i]),
            storage,
        )

    moments = None
    if tiling.statistics == "thumbnail":
        moments = painting.measure(*prepare(_reduce(picture)))
    rows = tiling.tile if isinstance(tiling.tile, int) else None
    with _PercentBar(tiling) as bar:
        strips = painting.stylize_in_strips(
            *prepare(picture), moments=moments, strip_rows=rows, on_strip=bar.add
        )
        for begin, stylized in strips:
            indices = np.arange(begin, begin + len(stylized))
            adjusted = adjustment.apply(picture.rows(indices), stylized, indices)
            picture.write(output, begin, adjusted)
    return output


class _PercentBar:
    def __init__(self, tiling):
        self._done = 0.0
        self._bar = ProgressBar("percent", 100, is_shown=tiling.shows_progress)

    def __enter__(self):
        self._bar.__enter__()
        return self

    def __exit__(self, *details):
        self._bar.__exit__(*details)

    def add(self, share):
        self._done += share
        self._bar.update(round(100 * self._done))


def _reduce(picture):
    pixels = np.empty((picture.height, picture.width, 3), "uint8")
    for begin in range(0, picture.height, _COPY_ROWS):
        rows = np.arange(begin, min(begin + _COPY_ROWS, picture.height))
        pixels[rows] = to_uint8(picture.rows(rows))
    thumbnail = Image.fromarray(pixels)
    thumbnail.thumbnail((_THUMBNAIL_SIZE, _THUMBNAIL_SIZE), Image.Resampling.BOX)
    return PictureRows(np.asarray(thumbnail))
