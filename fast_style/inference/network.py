"""The way of a picture through a generator, for graphs of every engine.

Written once; `onnx_graph.py` and `tensorflow_graph.py` say what each step is there.
"""

from typing import Protocol

import numpy as np

from fast_style.inference.folding import fold_into_phases
from fast_style.inference.folding import fold_upsampling
from fast_style.models.noise_tiles import make_noise_tiles
from fast_style.models.style_files import TrainedStyle


class Operators(Protocol):
    """What a graph is made of. A tensor is whatever the engine calls one.

    Kernels are `(K, K, C, F)` arrays; nothing is padded but by `pad`.
    """

    def scale(self, x, factor: float):
        """Multiplies by a number."""

    def pad(self, x, padding: int, mode: str):
        """Pads height and width; `mode` is `"reflect"` or `"edge"`."""

    def convolve(self, x, kernel, *, bias=None, stride: int = 1):
        """Convolves."""

    def subtract_corner(self, x):
        """Subtracts from each channel of each image its first pixel."""

    def convolve_transposed(self, x, kernel):
        """Convolves with a stride of 1/2, and cuts three pixels off on each side."""

    def mix(self, shares, table):
        """Multiplies shares `(B, R)` with a table `(R, C)`, an array."""

    def normalize(self, x, gamma, beta, *, has_relu: bool):
        """Normalizes each channel of each image, and takes the positive part.

        `gamma` and `beta` are arrays `(C,)`, or what `mix` returned.
        """

    def add(self, x, y):
        """Adds."""

    def concatenate(self, x, y):
        """Joins channels."""

    def join_noise(self, x, tiles: list[np.ndarray]):
        """Joins channels of noise, each a square that is repeated."""

    def upsample(self, x, interpolation: str):
        """Doubles height and width; `"nearest"` or `"bilinear"`."""

    def to_levels(self, x, gain: float):
        """Returns `127.5 + gain * tanh(x)`, clipped to [0, 255]."""

    def depth_to_space(self, x):
        """Puts channels, ordered by row, column, filter, in 2x2 squares."""


def paint(style: TrainedStyle, photo, operators: Operators, shares=None):
    """Builds the graph of a style.

    Args:
        style: Its numbers.
        photo: Tensor of images in [0, 255], whose height and width are multiples of
            the architecture's stride, and at least `MINIMUM_SIZE`.
        operators: Of the engine.
        shares: Of a style with conditions: tensor `(B, num_conditions)`.

    Returns:
        The tensor of stylized images.

    Raises:
        ValueError: If there is a skip and no convolution behind it.
    """
    return _Painter(style, operators, shares).paint(photo)


class _Painter:
    def __init__(self, style, operators, shares):
        self.architecture, self.weights = style.architecture, style.weights
        self.operators, self.shares = operators, shares

    def paint(self, photo):
        # From [0, 255] to the range of features, to which it is joined: 8-bit engines
        # have one range for both. The normalizations take away what is not centred.
        photo = self.operators.scale(photo, 1 / 127.5)
        x, kept = self._go_down(photo)
        for i in range(1, self.architecture.num_residual_blocks + 1):
            y = self._convolve(x, f"residual{i}", 1)
            y = self._convolve(y, f"residual{i}", 2, has_relu=False)
            x = self.operators.add(x, y)
        return self._end(self._refine(self._go_up(x, kept), photo))

    def _go_down(self, x):
        kept = []
        for i, (_, _, stride) in enumerate(self.architecture.down, start=1):
            if i == len(self.architecture.down):
                x = self._join_noise(x)
            kernel = self.weights[f"down{i}_conv/kernel"]
            x = self._normalize(self._apply(x, kernel, stride=stride), f"down{i}")
            kept.append(x)
        return x, kept

    def _go_up(self, x, kept):
        num_blocks = len(self.architecture.up)
        for i in range(1, num_blocks + 1):
            kernel = self.weights[f"up{i}_conv/kernel"]
            has_noise = self.architecture.noise_channels and i < num_blocks
            if self.architecture.interpolation == "nearest" and not has_noise:
                # The normalization takes it away again. Of a picture of one colour
                # nothing is left then; else it would be rounding, other in each phase,
                # which each normalization multiplies by 300.
                x = self.operators.subtract_corner(x)
                x = self.operators.pad(x, 1, "edge")
                x = self.operators.convolve_transposed(x, fold_upsampling(kernel))
            else:
                x = self.operators.upsample(x, self.architecture.interpolation)
                x = self._apply(self._join_noise(x) if has_noise else x, kernel)
            x = self._normalize(x, f"up{i}")
            if self.architecture.has_inner_skips and i < num_blocks:
                x = self.operators.add(x, kept[-1 - i])
        return x

    def _refine(self, x, photo):
        has_skip = self.architecture.has_skip
        if has_skip and not self.architecture.refine:
            raise ValueError("A skip needs a convolution behind it, of `refine`.")
        if has_skip:
            x = self.operators.concatenate(x, photo)
        for i in range(1, len(self.architecture.refine) + 1):
            kernel = self.weights[f"refine{i}_conv/kernel"]
            x = self._normalize(self._apply(x, kernel), f"refine{i}")
        return x

    def _end(self, x):
        kernel = self.weights["end_conv/kernel"]
        x = self.operators.pad(x, kernel.shape[0] // 2, "reflect")
        x = self.operators.convolve(
            x,
            fold_into_phases(kernel),
            bias=np.tile(self.weights["end_conv/bias"], 4),
            stride=2,
        )
        x = self.operators.to_levels(x, self.architecture.output_gain)
        return self.operators.depth_to_space(x)

    def _convolve(self, x, block, part, *, has_relu=True):
        kernel = self.weights[f"{block}_conv{part}/kernel"]
        x = self._apply(x, kernel)
        return self._normalize(x, block, part=part, has_relu=has_relu)

    def _apply(self, x, kernel, *, stride=1):
        x = self.operators.pad(x, kernel.shape[0] // 2, "reflect")
        return self.operators.convolve(x, kernel, stride=stride)

    def _normalize(self, x, block, *, part="", has_relu=True):
        gamma, beta = (
            self.weights[f"{block}_norm{part}/{name}"] for name in ("gamma", "beta")
        )
        if self.shares is not None:
            gamma, beta = (self.operators.mix(self.shares, x) for x in (gamma, beta))
        return self.operators.normalize(x, gamma, beta, has_relu=has_relu)

    def _join_noise(self, x):
        if not (channels := self.architecture.noise_channels):
            return x
        tiles = make_noise_tiles(channels, self.architecture.noise_blurs)
        return self.operators.join_noise(x, tiles)
