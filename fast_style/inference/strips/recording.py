"""Writes down the way of a picture through a generator, step by step.

So that it can be cut anywhere, whatever the network: `network.paint` is its only
description, here as for each engine.
"""

import dataclasses

from fast_style.inference.network import paint
from fast_style.models.style_files import TrainedStyle


@dataclasses.dataclass(frozen=True, eq=False, kw_only=True)
class Step:
    """One of the steps of `network.Operators`.

    Attributes:
        operator: Its name there; `"photo"`: the picture itself, in [0, 255].
        sources: Steps whose results it takes.
        arguments: What it takes beside them, by name.
        channels: Number of channels of the result.
        factor: Rows of the photo for each row of the result.
        reach: Rows of the photo above and below a row of the result that take part in
            it, beside those of its sources.
    """

    operator: str
    sources: tuple["Step", ...] = ()
    arguments: dict = dataclasses.field(default_factory=dict)
    channels: int = 3
    factor: int = 1
    reach: int = 0


def record(style: TrainedStyle) -> list[Step]:
    """Lists the steps of a style in the order in which they are computed.

    Args:
        style: Its numbers, without conditions.

    Raises:
        ValueError: If it has conditions.
    """
    if style.architecture.num_conditions:
        raise ValueError("A style with conditions is to be folded before.")
    recorder = _Recorder()
    paint(style, recorder.photo, recorder)
    return recorder.steps


class _Recorder:
    """The steps of `network.paint`; a tensor is the `Step` that makes it."""

    def __init__(self):
        self.photo = Step(operator="photo")
        self.steps = [self.photo]

    def _add(self, operator, *sources, arguments=None, **shape):
        first = sources[0]
        shape = {"channels": first.channels, "factor": first.factor, **shape}
        step = Step(
            operator=operator, sources=sources, arguments=arguments or {}, **shape
        )
        self.steps.append(step)
        return step

    def scale(self, x, factor):
        return self._add("scale", x, arguments={"factor": factor})

    def pad(self, x, padding, mode):
        return self._add("pad", x, arguments={"padding": padding, "mode": mode})

    def convolve(self, x, kernel, *, bias=None, stride=1):
        return self._add(
            "convolve",
            x,
            arguments={"kernel": kernel, "bias": bias, "stride": stride},
            channels=kernel.shape[-1],
            factor=x.factor * stride,
            reach=kernel.shape[0] // 2 * x.factor,
        )

    def subtract_corner(self, x):
        return self._add("subtract_corner", x)

    def convolve_transposed(self, x, kernel):
        return self._add(
            "convolve_transposed",
            x,
            arguments={"kernel": kernel},
            channels=kernel.shape[-1],
            factor=x.factor // 2,
            reach=kernel.shape[0] // 2 * x.factor,
        )

    def normalize(self, x, gamma, beta, *, has_relu):
        arguments = {"gamma": gamma, "beta": beta, "has_relu": has_relu}
        return self._add("normalize", x, arguments=arguments)

    def add(self, x, y):
        return self._add("add", x, y)

    def concatenate(self, x, y):
        return self._add("concatenate", x, y, channels=x.channels + y.channels)

    def join_noise(self, x, tiles):
        return self._add(
            "join_noise",
            x,
            arguments={"tiles": tiles},
            channels=x.channels + len(tiles),
        )

    def upsample(self, x, interpolation):
        return self._add(
            "upsample",
            x,
            arguments={"interpolation": interpolation},
            factor=x.factor // 2,
            reach=x.factor,
        )

    def to_levels(self, x, gain):
        return self._add("to_levels", x, arguments={"gain": gain})

    def depth_to_space(self, x):
        return self._add(
            "depth_to_space", x, channels=x.channels // 4, factor=x.factor // 2
        )
