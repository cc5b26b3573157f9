"""Where results are kept between stages: in memory, or in temporary files."""

import dataclasses

from fast_style.inference.strips.computing import make_array
from fast_style.inference.strips.stages import count_kept_bytes
from fast_style.inference.strips.stages import plan_stages
from fast_style.inference.strips.stages import Stage
from fast_style.io.stored_rows import StoredRows
from fast_style.models.style_files import TrainedStyle

# Of what a strip takes: more rows at a time are not faster.
_MOST_STRIP_BYTES = 256 * 2**20
_LEAST_STRIP_BYTES = 64 * 2**20
_STRIP_SHARE = 1 / 8


@dataclasses.dataclass(frozen=True, kw_only=True)
class Storage:
    """How much is kept between stages, and where.

    Attributes:
        least_factor: As in `plan_stages`.
        is_in_memory: Whether it is kept in memory; else in temporary files.
        strip_bytes: Memory that a strip may take.
    """

    least_factor: int
    is_in_memory: bool
    strip_bytes: int

    def make_room(self, height: int, width: int, channels: int):
        """Makes room for rows, which are appended, and read by slices."""
        shape = (height, width, channels)
        return _Rows(shape) if self.is_in_memory else StoredRows(shape, "float32")


def choose_storage(style: TrainedStyle, num_pixels: int, limit: float) -> Storage:
    """Chooses what is kept, so that little is computed again and it fits.

    Args:
        style: What stylizes.
        num_pixels: Of the picture.
        limit: Bytes of memory that may be taken.
    """
    strip_bytes = min(max(limit * _STRIP_SHARE, _LEAST_STRIP_BYTES), _MOST_STRIP_BYTES)
    options = {"strip_bytes": int(strip_bytes)}
    for least_factor in (1, 2):
        kept = count_kept_bytes(plan_stages(style, least_factor=least_factor))
        if kept * num_pixels + strip_bytes <= limit:
            return Storage(least_factor=least_factor, is_in_memory=True, **options)
    # Files of full resolution would be many gigabytes.
    return Storage(least_factor=2, is_in_memory=False, **options)


def count_units(stage: Stage, width: int, strip_bytes: int) -> int:
    """Returns how many units of rows a strip has.

    Args:
        stage: What is computed.
        width: Of the picture.
        strip_bytes: Memory that it may take.
    """
    most = strip_bytes // max(stage.count_bytes(stage.unit * width), 1)
    # The margins are computed twice.
    return max(most - 2 * stage.margin, 4 * stage.margin, 1)


class _Rows:
    def __init__(self, shape):
        self._array, self._end = make_array(shape), 0

    def append(self, rows):
        self._array[self._end : self._end + len(rows)] = rows
        self._end += len(rows)

    def __getitem__(self, rows):
        return self._array[rows]
