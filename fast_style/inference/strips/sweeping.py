"""Goes over all rows of a layer, to measure them or to keep them in a file."""

import collections
import concurrent.futures
import dataclasses

import numpy as np

from fast_style.io.cores import count_cores
from fast_style.io.stored_rows import StoredRows

_STRIP_BYTES = 4 * 2**20
_LEAST_ROWS = 32
_MOST_THREADS = 4


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sweeper:
    """Goes over layers from the first row to the last.

    Attributes:
        strip_rows: Rows of a layer that are computed at once; None: as many as have
            4 MB, and 32 of a wide one, since a few rows are computed twice for each
            strip.
        folder: Of temporary files; None: the system's own.
        on_strip: Called behind each strip with its share of the layer.
        num_threads: Strips that are computed at a time, each in memory of its own;
            None: one per core, at most 4.
    """

    strip_rows: int | None = None
    folder: str | None = None
    on_strip: object = lambda share: None
    num_threads: int | None = None

    def strips(self, layer, height=None):
        """Yields the first row of each strip, and its rows.

        Args:
            layer: To go over.
            height: Rows that are wanted; None: all.
        """
        height = layer.height if height is None else height
        row_bytes = 4 * layer.width * layer.channels
        step = self.strip_rows or max(_STRIP_BYTES // row_bytes, _LEAST_ROWS)

        def compute(begin):
            return begin, layer.rows(begin, min(begin + step, height))

        threads = self.num_threads or min(count_cores(), _MOST_THREADS)
        for begin, rows in _map_ahead(compute, range(0, height, step), threads):
            yield begin, rows
            self.on_strip(len(rows) / height)

    def measure(self, layer):
        """Returns mean and variance of each channel."""
        moments = _Moments(layer)
        for _, rows in self.strips(layer):
            moments.add(rows)
        return moments.get()

    def keep(self, layer):
        """Computes a layer once and for all.

        Returns:
            A `KeptLayer`, and its moments as of `measure`.
        """
        kept, moments = KeptLayer(layer, self.folder), _Moments(layer)
        for _, rows in self.strips(layer):
            kept.append(rows)
            moments.add(rows)
        return kept, moments.get()


def _map_ahead(function, items, num_threads):
    """Yields the results in order, while threads compute the next ones."""
    with concurrent.futures.ThreadPoolExecutor(num_threads) as pool:
        futures = collections.deque()
        for item in items:
            futures.append(pool.submit(function, item))
            if len(futures) > num_threads:
                yield futures.popleft().result()
        while futures:
            yield futures.popleft().result()


class KeptLayer:
    """A layer whose rows lie in a temporary file, which ends with it.

    Args:
        layer: Whose shape it has.
        folder: Of the file; None: the system's own.
    """

    def __init__(self, layer, folder=None):
        self.height, self.width = layer.height, layer.width
        self.channels = layer.channels
        shape = (self.height, self.width, self.channels)
        self._stored = StoredRows(shape, "float32", folder)
        self.append = self._stored.append

    def rows(self, begin, end):
        """Reads rows."""
        return self._stored[begin:end]


class _Moments:
    """Gathers mean and variance, in 64 bits, around the mean of the first rows."""

    def __init__(self, layer):
        self._shift = None
        self._sums = np.zeros((2, layer.channels))
        self._count = layer.height * layer.width

    def add(self, rows):
        if self._shift is None:
            self._shift = rows.mean(axis=(0, 1))
        centred = rows - self._shift
        # Rows in 32 bits, which is fast, and what they sum up to in 64.
        self._sums[0] += centred.sum(axis=1).sum(axis=0, dtype="float64")
        centred *= centred
        self._sums[1] += centred.sum(axis=1).sum(axis=0, dtype="float64")

    def get(self):
        mean, square = self._sums / self._count
        return self._shift + mean, np.maximum(square - mean**2, 0)
