"""Many picture files: decoding, inference and encoding overlap."""

import collections
from collections.abc import Iterator
import concurrent.futures
import dataclasses
import os

import numpy as np

from fast_style.inference.arrays import Options
from fast_style.io.cores import count_cores
from fast_style.io.deep_color import DEEP_FORMATS
from fast_style.io.images import open_array
from fast_style.io.images import read_declared_size
from fast_style.io.saving import check_image_suffix
from fast_style.io.saving import save_image
from fast_style.io.stored_rows import StoredRows

# Above that, pictures wait until others are done. Each is held as it was and as it is.
_MOST_PIXELS = 50_000_000
# A batch of small pictures keeps an engine busy; more only leaves the caches.
_MOST_PIXELS_OF_BATCH = 2**20


@dataclasses.dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one picture.

    Attributes:
        source: The file that was read.
        target: The file that was to be written.
        size: Width and height of the result; None: there is none.
        by: What computed it, such as `openvino in bfloat16`.
        error: Why there is none.
    """

    source: str | os.PathLike
    target: str | os.PathLike
    size: tuple[int, int] | None = None
    by: str = ""
    error: Exception | None = None


def stylize_files(
    stylizer,
    jobs: list[tuple],
    options: dict,
    *,
    quality: int | None = None,
    num_workers: int | None = None,
    batch_size: int = 8,
    prepare=None,
) -> Iterator[Outcome]:
    """Stylizes files, while others are decoded and encoded by threads.

    Pictures of one size that are near one another go through the engine together.
    Each result is written whole or not at all, so what a killed process has written
    is good.

    Args:
        stylizer: Made by `load_style`.
        jobs: Pairs of paths, from which and to which.
        options: Of the stylizer, for each picture.
        quality: As in `save_image`.
        num_workers: Threads that decode and encode; None: one per core, at most 4.
        batch_size: Most pictures that go through the engine together.
        prepare: Called before a picture is decoded, with the number of its pixels.

    Yields:
        An `Outcome` for each job, once its result is written; a failure ends nothing.
    """
    prepare = prepare or (lambda num_pixels: None)
    pipeline = _Pipeline(stylizer, options, quality, batch_size, prepare)
    num_workers = num_workers or min(count_cores(), 4)
    with concurrent.futures.ThreadPoolExecutor(num_workers) as pool:
        try:
            yield from pipeline.run(pool, jobs)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def check_number_of_workers(number: int | None) -> None:
    """Checks a number of threads.

    Raises:
        ValueError: If it is not at least 1, or None.
    """
    if number is not None and number < 1:
        raise ValueError(f"`workers` must be at least 1. Received: workers={number}")


@dataclasses.dataclass(eq=False)
class _Task:
    source: str
    target: str
    num_pixels: int | None = None
    future: concurrent.futures.Future | None = None
    array: np.ndarray | None = None
    notes: dict = dataclasses.field(default_factory=dict)
    by: str = ""


class _Pipeline:
    def __init__(self, stylizer, options, quality, batch_size, prepare):
        self._stylizer, self._quality, self._prepare = stylizer, quality, prepare
        self._options, self._batch_size = options, batch_size
        self._max_pixels = Options(**options).max_pixels
        self._reading, self._writing = collections.deque(), collections.deque()

    def run(self, pool, jobs):
        self._waiting = collections.deque(_Task(*job) for job in jobs)
        while self._waiting or self._reading:
            self._read_ahead(pool)
            batch = [self._reading.popleft()]
            if error := batch[0].future.exception():  # Waits for it.
                yield _fail(batch[0], error)
                continue
            batch += self._take_equals(batch[0])
            yield from self._stylize(pool, batch)
            while self._writing and self._is_time_to_look():
                yield self._finish(self._writing.popleft())
        while self._writing:
            yield self._finish(self._writing.popleft())

    def _read_ahead(self, pool):
        in_flight = self._count_pixels_in_flight()
        while self._waiting and len(self._reading) < 2 * self._batch_size:
            task = self._waiting[0]
            if task.num_pixels is None:
                task.num_pixels = _count_pixels(task.source)
                self._prepare(task.num_pixels)
            in_flight += task.num_pixels
            if self._reading and in_flight > _MOST_PIXELS:
                return
            self._waiting.popleft()
            task.future = pool.submit(self._open, task)
            self._reading.append(task)

    def _open(self, task):
        return open_array(
            task.source,
            is_deep=check_image_suffix(task.target) in DEEP_FORMATS,
            is_stored=self._stylizer.takes_rows(task.num_pixels, **self._options),
            max_pixels=self._max_pixels,
        )

    def _take_equals(self, first):
        """Takes the pictures that may share a batch with the first of it."""
        first.array, first.notes = first.future.result()
        equals = []
        if isinstance(first.array, StoredRows):
            return equals
        for task in tuple(self._reading):
            num_pixels = (len(equals) + 2) * first.num_pixels
            is_full = len(equals) + 1 >= self._batch_size
            if is_full or num_pixels > _MOST_PIXELS_OF_BATCH:
                break
            if task.future.done() and not task.future.exception():
                array, notes = task.future.result()
                if (array.shape, array.dtype) == (first.array.shape, first.array.dtype):
                    task.array, task.notes = array, notes
                    equals.append(task)
                    self._reading.remove(task)
        return equals

    def _stylize(self, pool, batch):
        try:
            arrays, by = self._stylize_arrays([task.array for task in batch])
        except Exception as error:
            if len(batch) == 1:
                yield _fail(batch[0], error)
            else:  # One of them may be the reason.
                for task in batch:
                    yield from self._stylize(pool, [task])
            return
        for task, array in zip(batch, arrays, strict=True):
            task.array, task.by = None, by
            task.future = pool.submit(self._save, array, task.target, task.notes)
            self._writing.append(task)

    def _stylize_arrays(self, arrays):
        by = []
        options = {**self._options, "report": by.append}
        if len(arrays) == 1:  # Large pictures are in no batch.
            stylized = [self._stylizer(arrays[0], **options)]
        else:
            stylized = self._stylizer(np.stack(arrays), **options)
        return stylized, "".join(by[-1:])

    def _save(self, stylized, target, notes):
        save_image(stylized, target, quality=self._quality, notes=notes)
        return stylized.shape[1::-1]

    def _is_time_to_look(self):
        is_done = self._writing[0].future.done()
        is_long = len(self._writing) >= 2 * self._batch_size
        return is_done or is_long or self._count_pixels_in_flight() > _MOST_PIXELS

    def _count_pixels_in_flight(self):
        return sum(task.num_pixels for task in (*self._reading, *self._writing))

    def _finish(self, task):
        if error := task.future.exception():
            return _fail(task, error)
        size = task.future.result()
        return Outcome(source=task.source, target=task.target, size=size, by=task.by)


def _fail(task, error):
    return Outcome(source=task.source, target=task.target, error=error)


def _count_pixels(source):
    try:
        width, height = read_declared_size(source)
        return width * height
    except (OSError, ValueError):
        return 0  # What is wrong with it is told by who decodes it.
