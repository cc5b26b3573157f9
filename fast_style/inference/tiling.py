"""Whether a picture is stylized at once or in strips, and the latter."""

import dataclasses

import numpy as np
from PIL import Image

from fast_style.inference.forks import check_tensorflow
from fast_style.inference.strips.pictures import PictureRows
from fast_style.inference.strips.sweeping import Sweeper
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

    def may_be_in_strips(self, num_pixels: int) -> bool:
        """Returns whether so many pixels are stylized in strips in some styles."""
        if self.tile is None:
            return False
        return self.tile != "auto" or num_pixels * _MOST_BYTES > self._find_limit()

    def is_in_strips(self, num_pixels: int, read_style=None) -> bool:
        """Returns whether so many pixels are stylized in strips.

        Args:
            num_pixels: Of a picture or a batch.
            read_style: Returns the `TrainedStyle`, and is called only if there are many
                pixels; None: strips are not possible.

        Raises:
            MemoryError: If they should be and are not possible.
        """
        if not self.may_be_in_strips(num_pixels):
            return False
        limit = self._find_limit()
        if read_style is None:
            raise MemoryError(
                f"{num_pixels / 1e6:.1f} megapixels may need "
                f"{num_pixels * _MOST_BYTES / 2**30:.1f} GiB of memory, and "
                f"{limit / 2**30:.1f} GiB may be taken. Only bundled styles, workdirs "
                "and `.keras` files are stylized in strips, which need less. Take one "
                "of them, or `tile=None` if you have the memory."
            )
        needed = num_pixels * estimate_bytes_per_pixel(read_style().architecture)
        return self.tile != "auto" or needed > limit

    def _find_limit(self):
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


def stylize_large(style, array, tiling: Tiling, adjustment):
    """Stylizes a picture in strips.

    Args:
        style: `TrainedStyle`.
        array: One picture, as `array_to_images` takes it, or `StoredRows`.
        tiling: How.
        adjustment: `Adjustment` of the result.

    Returns:
        Array as `images_to_array` makes it, or `StoredRows`.

    Raises:
        RuntimeError: If the process was forked when TensorFlow had begun.
    """
    check_tensorflow()
    # It imports TensorFlow, and few pictures are large.
    from fast_style.inference.strips import painting

    picture = PictureRows(array)
    output = picture.make_output()
    rows = tiling.tile if isinstance(tiling.tile, int) else None
    moments = None
    if tiling.statistics == "thumbnail":
        moments = painting.measure_thumbnail(style, _reduce(picture), Sweeper())
    num_sweeps = painting.count_sweeps(style, has_moments=bool(moments))
    with _PercentBar(num_sweeps, tiling) as bar:
        sweeper = Sweeper(strip_rows=rows, on_strip=bar.add)
        strips = painting.stylize_in_strips(style, picture, sweeper, moments=moments)
        for begin, stylized in strips:
            rows = np.arange(begin, begin + len(stylized))
            adjusted = adjustment.apply(picture.rows(rows), stylized, rows)
            picture.write(output, begin, adjusted)
    return output


class _PercentBar:
    def __init__(self, total, tiling):
        self._done, self._total = 0.0, total
        self._bar = ProgressBar("percent", 100, is_shown=tiling.shows_progress)

    def __enter__(self):
        self._bar.__enter__()
        return self

    def __exit__(self, *details):
        self._bar.__exit__(*details)

    def add(self, share):
        self._done += share
        self._bar.update(round(100 * self._done / self._total))


def _reduce(picture):
    pixels = np.empty((picture.height, picture.width, 3), "uint8")
    for begin in range(0, picture.height, _COPY_ROWS):
        rows = np.arange(begin, min(begin + _COPY_ROWS, picture.height))
        pixels[rows] = to_uint8(picture.rows(rows))
    thumbnail = Image.fromarray(pixels)
    thumbnail.thumbnail((_THUMBNAIL_SIZE, _THUMBNAIL_SIZE), Image.Resampling.BOX)
    return PictureRows(np.asarray(thumbnail))
