"""The way through a generator, cut where it is normalized.

A normalization needs mean and variance of the whole picture. With both known it is
a scale and a shift of each channel, and any rows can be computed from those around
them. So a stage goes from what is kept up to the next normalization, over all strips,
and measures it.
"""

import dataclasses
import functools

import numpy as np

from fast_style.inference.strips.recording import record
from fast_style.inference.strips.recording import Step
from fast_style.models.style_files import TrainedStyle

_BYTES = 4  # Of a float32.


@dataclasses.dataclass(frozen=True, eq=False, kw_only=True)
class Stage:
    """Steps that are computed together, strip by strip.

    Attributes:
        steps: In the order in which they are computed.
        sources: Results of earlier stages that they begin with, and the photo.
        outputs: Results that are kept for later stages.
        is_last: Whether the last step is the picture; else it is measured.
        unit: Rows of the photo of which a strip has a multiple.
    """

    steps: tuple[Step, ...]
    sources: tuple[Step, ...]
    outputs: tuple[Step, ...]
    is_last: bool
    unit: int

    @property
    def target(self) -> Step:
        """What it is computed for."""
        return self.steps[-1]

    @functools.cached_property
    def held(self) -> tuple[Step, ...]:
        """Normalizations whose means and variances are known."""
        return self._find("normalize")

    @functools.cached_property
    def corners(self) -> tuple[Step, ...]:
        """Steps that subtract a number from each channel, see `find_flat_level`."""
        return self._find("subtract_corner")

    @functools.cached_property
    def noises(self) -> tuple[Step, ...]:
        """Steps that join noise, which depends on the row."""
        return self._find("join_noise")

    @property
    def results(self) -> tuple[Step, ...]:
        """What leaves it."""
        return (*self.outputs, self.target)

    def _find(self, operator):
        return tuple(step for step in self.steps if step.operator == operator)

    @functools.cached_property
    def margin(self) -> int:
        """Units above and below a strip that take part in it."""
        needed = dict.fromkeys(self.outputs, 0) | {self.target: 0}
        for step in reversed(self.steps):
            for source in step.sources:
                needed[source] = max(needed.get(source, 0), needed[step] + step.reach)
        return -(-max(needed[source] for source in self.sources) // self.unit)

    @functools.cached_property
    def work(self) -> float:
        """Multiplications for each pixel of the photo."""
        convolutions = (step for step in self.steps if "kernel" in step.arguments)
        return sum(
            step.arguments["kernel"].size
            / max(step.factor, step.sources[0].factor) ** 2
            for step in convolutions
        )

    def count_bytes(self, num_pixels: int) -> int:
        """Returns about how much memory its steps take for some pixels of the photo."""
        # What goes into the widest step and what comes out, each padded or in another
        # layout once more.
        widest = max(
            sum(_count_floats(each) for each in (step, *step.sources))
            for step in self.steps
        )
        return round(2 * _BYTES * widest * num_pixels)


def plan_stages(style: TrainedStyle, *, least_factor: int) -> list[Stage]:
    """Cuts a generator into stages.

    Args:
        style: Its numbers, without conditions.
        least_factor: What has fewer rows of the photo for each of its own, such as 2
            for half the resolution, is too large to be kept: it is computed again in
            each stage that needs it.

    Returns:
        Stages in the order in which they are computed: one for each normalization, and
        the last one, which gives the picture.
    """
    steps = record(style)
    unit = max(step.factor for step in steps)
    measured = [step.sources[0] for step in steps if step.operator == "normalize"]
    shared = {
        step for step in steps if step.operator == "add" and _is_shared(step, steps)
    }
    keepable = {step for step in (*measured, *shared) if step.factor >= least_factor}
    kept, stages = {steps[0]}, []
    for target in (*measured, steps[-1]):
        needed = _find_needed(target, kept)
        own = tuple(step for step in steps if step in needed and step not in kept)
        outputs = tuple(step for step in own if step in keepable)
        stage = Stage(
            steps=own,
            sources=tuple(step for step in steps if step in needed and step in kept),
            outputs=outputs,
            is_last=target is steps[-1],
            unit=unit,
        )
        stages.append(stage)
        kept.update(outputs)
    return stages


def find_last_uses(stages: list[Stage]) -> dict[Step, int]:
    """Returns the index of the last stage that needs what is kept."""
    return {step: i for i, stage in enumerate(stages) for step in stage.sources}


def count_kept_bytes(stages: list[Stage]) -> float:
    """Returns the most memory that is kept at a time, for each pixel of the photo."""
    last, most, kept = find_last_uses(stages), 0.0, {}
    for i, stage in enumerate(stages):
        kept |= {step: _BYTES * _count_floats(step) for step in stage.outputs}
        most = max(most, sum(kept.values()))
        kept = {step: size for step, size in kept.items() if last.get(step, 0) > i}
    return most


def find_flat_level(step: Step) -> np.ndarray:
    """Returns what each channel is if the picture has one colour.

    Taken away in front of a convolution that is normalized, it leaves the result as it
    is, but for rounding: of a flat picture nothing is left that could be multiplied.

    Args:
        step: A normalization, or a sum of such.

    Returns:
        float32 `(C,)`.
    """
    if step.operator == "add":
        return sum(find_flat_level(source) for source in step.sources)
    if step.operator != "normalize":
        return np.zeros(step.channels, "float32")
    level = np.float32(step.arguments["beta"])
    return np.maximum(level, 0) if step.arguments["has_relu"] else level


def _find_needed(target, kept):
    needed, todo = set(), [target]
    while todo:
        step = todo.pop()
        if step not in needed:
            needed.add(step)
            todo += () if step in kept else step.sources
    return needed


def _is_shared(step, steps):
    return sum(step in other.sources for other in steps) > 1


def _count_floats(step):
    return step.channels / step.factor**2
