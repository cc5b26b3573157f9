"""A picture of any size, stylized within little memory.

Instance normalization needs mean and variance of the whole picture, so tiles that are
stylized one by one differ, and show seams. Here each stage goes over all rows before
the next begins, and the result is that of the whole picture at once.
"""

import numpy as np

from fast_style.inference.strips.pictures import PictureRows
from fast_style.inference.strips.stages import find_flat_level
from fast_style.inference.strips.stages import find_last_uses
from fast_style.inference.strips.stages import Stage
from fast_style.inference.strips.storing import count_units
from fast_style.inference.strips.storing import Storage
from fast_style.models.architectures import EPSILON
from fast_style.models.architectures import mirror_to_multiple


def stylize_in_strips(
    stages: list[Stage], picture: PictureRows, load, storage: Storage, *,
    moments: list | None = None, strip_rows: int | None = None,
    on_strip=lambda share: None,
):  # fmt: skip
    """Stylizes a picture strip by strip.

    Args:
        stages: Of `plan_stages`, for `storage.least_factor`.
        picture: The picture.
        load: From the index of a stage to the function that computes it, as
            `load_stage` returns it.
        storage: Where what is kept between stages lies.
        moments: Means and variances of each normalization, as of `measure`; None: those
            of the picture itself, which is exact.
        strip_rows: Rows of a strip, rounded up to whole units; None: as many as
            `storage.strip_bytes` allows.
        on_strip: Called behind each strip with its share of all the work.

    Yields:
        The first row of a strip and its pixels, RGB `(rows, W, 3)`, float32 in
        [0, 255], from top to bottom.
    """
    painter = _Painter(stages, picture, storage, strip_rows, on_strip)
    yield from painter.paint(load, moments)


def measure(stages: list[Stage], picture: PictureRows, load, storage: Storage) -> list:
    """Measures the normalizations of a picture.

    Args:
        stages: As for `stylize_in_strips`, and so the others.
        picture: The picture, or a reduced copy of it.
        load: What computes.
        storage: Where what is kept lies.

    Returns:
        Pairs of means and variances, `(C,)`, in the order of the stages.
    """
    painter = _Painter(stages, picture, storage, None, lambda share: None)
    for _ in painter.paint(load, None, is_measured_only=True):
        pass
    return painter.moments


class _Photo:
    """The photo in [0, 255], mirrored below and to the right to the network's sizes."""

    def __init__(self, picture, stride):
        self._picture = picture
        sizes = picture.height, picture.width
        self._row_of, self._column_of = (
            np.array(mirror_to_multiple(size, stride)) for size in sizes
        )
        self.height, self.width = len(self._row_of), len(self._column_of)
        self._is_wider = self.width != picture.width

    def __getitem__(self, rows):
        pixels = self._picture.rows(self._row_of[rows])
        return pixels[:, self._column_of] if self._is_wider else pixels


class _Painter:
    def __init__(self, stages, picture, storage, strip_rows, on_strip):
        self._stages, self._picture = stages, picture
        self._storage, self._strip_rows = storage, strip_rows
        self._on_strip = on_strip
        self._photo = _Photo(picture, stages[0].unit)
        self.moments = []

    def paint(self, load, moments, *, is_measured_only=False):
        last_uses = find_last_uses(self._stages)
        self._kept = {self._stages[0].sources[0]: self._photo}
        self._moments = moments or self.moments
        # What is given need not be measured.
        todo = [
            i
            for i, stage in enumerate(self._stages)
            if (not is_measured_only if stage.is_last else not moments or stage.outputs)
        ]
        work = sum(self._stages[i].work for i in todo)
        for i in todo:
            stage = self._stages[i]
            for begin, end, results in self._sweep(stage, load(i)):
                if stage.is_last:
                    yield from self._crop(begin, results["picture"])
                self._on_strip((end - begin) / self._photo.height * stage.work / work)
            self._kept = {
                step: rows
                for step, rows in self._kept.items()
                if last_uses.get(step, 0) > i
            }

    def _sweep(self, stage, compute):
        """Yields rows of the photo, from and to which, and what was made of them."""
        unit, height = stage.unit, self._photo.height
        gathered, numbers = _Moments(), self._make_numbers(stage)
        rooms = [self._make_room(step) for step in stage.outputs]
        step_rows = unit * self._count_units(stage)
        margin = unit * stage.margin
        for begin in range(0, height, step_rows):
            end = min(begin + step_rows, height)
            first, last = max(begin - margin, 0), min(end + margin, height)
            inputs = self._read(stage, first, last)
            results = compute({**numbers, **inputs})
            for i, (step, room) in enumerate(zip(stage.outputs, rooms, strict=True)):
                rows = results[f"output_{i}"][0]
                room.append(_cut(rows, step.factor, begin, end, first))
            if stage.is_last:
                results["picture"] = _cut(results["picture"][0], 1, begin, end, first)
            else:
                cut = stage.target.factor, begin, end, first
                gathered.add(*(_cut(results[x], *cut) for x in ("means", "variances")))
            yield begin, end, results
        self._kept |= dict(zip(stage.outputs, rooms, strict=True))
        if not stage.is_last:
            self.moments.append(gathered.get())

    def _count_units(self, stage):
        if self._strip_rows:
            return -(-self._strip_rows // stage.unit)
        return count_units(stage, self._photo.width, self._storage.strip_bytes)

    def _make_room(self, step):
        sides = (
            side // step.factor for side in (self._photo.height, self._photo.width)
        )
        return self._storage.make_room(*sides, step.channels)

    def _read(self, stage, first, last):
        inputs = {
            f"source_{i}": self._kept[x][first // x.factor : last // x.factor][None]
            for i, x in enumerate(stage.sources)
        }
        rows = enumerate(stage.noises)
        return inputs | {
            f"row_{i}": np.asarray(first // x.factor, "int32") for i, x in rows
        }

    def _make_numbers(self, stage):
        numbers = {}
        indices = {each.target: i for i, each in enumerate(self._stages)}
        for i, step in enumerate(stage.held):
            mean, variance = self._moments[indices[step.sources[0]]]
            scale = step.arguments["gamma"] / np.sqrt(variance + EPSILON)
            numbers[f"scale_{i}"] = scale
            numbers[f"shift_{i}"] = step.arguments["beta"] - mean * scale
        for i, step in enumerate(stage.corners):
            numbers[f"corner_{i}"] = find_flat_level(step.sources[0])
        return {name: np.float32(each) for name, each in numbers.items()}

    def _crop(self, begin, rows):
        left = max(self._picture.height - begin, 0)
        rows = rows[:left, : self._picture.width]
        if len(rows):
            yield begin, rows


def _cut(rows, factor, begin, end, first):
    """Takes the rows of a strip out of those that were computed with its margins."""
    return rows[(begin - first) // factor : (end - first) // factor]


class _Moments:
    """Gathers mean and variance of rows of one width, in 64 bits."""

    def __init__(self):
        self._means, self._variances = [], []

    def add(self, means, variances):
        self._means.append(np.float64(means))
        self._variances.append(np.float64(variances))

    def get(self):
        if not self._means:
            return None
        means = np.concatenate(self._means)
        variance = np.concatenate(self._variances).mean(axis=0) + means.var(axis=0)
        return means.mean(axis=0), variance
