"""A picture of any size, stylized within little memory.

Instance normalization needs mean and variance of the whole picture, so tiles that are
stylized one by one differ, and show seams. Here each layer goes over all rows before
the next begins, and the result is that of the whole picture at once.

At a quarter of the resolution, where the network is deep, activations are kept in
temporary files. At half and at full resolution, where layers are large and few, they
are computed again for each layer behind them.
"""

import numpy as np

from fast_style.inference.strips.layers import Concatenated
from fast_style.inference.strips.layers import Convolution
from fast_style.inference.strips.layers import Noise
from fast_style.inference.strips.layers import Normalization
from fast_style.inference.strips.layers import Photo
from fast_style.inference.strips.layers import Sum
from fast_style.inference.strips.layers import Upsampling
from fast_style.inference.strips.pictures import PictureRows
from fast_style.inference.strips.sweeping import Sweeper
from fast_style.models.noise_tiles import make_noise_tiles
from fast_style.models.style_files import TrainedStyle


def stylize_in_strips(
    style: TrainedStyle, picture: PictureRows, sweeper: Sweeper, *, moments=None
):
    """Stylizes a picture strip by strip.

    Args:
        style: Trained numbers.
        picture: The picture.
        sweeper: What goes over the layers.
        moments: Mean and variance of each normalization, as of `measure_thumbnail`;
            None: those of the picture itself, which is exact.

    Yields:
        The first row of a strip and its pixels, RGB `(rows, W, 3)`, float32 in
        [0, 255], from top to bottom.
    """
    painter = _Painter(style, sweeper, moments)
    end = painter.paint(Photo(picture, style.architecture.stride))
    gain = np.float32(style.architecture.output_gain)
    for begin, rows in sweeper.strips(end, picture.height):
        pixels = np.tanh(rows[:, : picture.width]) * gain + np.float32(127.5)
        yield begin, np.clip(pixels, 0, 255)


def measure_thumbnail(style: TrainedStyle, thumbnail, sweeper: Sweeper) -> dict:
    """Measures the normalizations of a reduced copy of a picture.

    Args:
        style: Trained numbers.
        thumbnail: `PictureRows` of the copy.
        sweeper: What goes over the layers.

    Returns:
        Dict from the names of the normalizations to means and variances.
    """
    painter = _Painter(style, sweeper, None)
    painter.paint(Photo(thumbnail, style.architecture.stride))
    return painter.measured


def count_sweeps(style: TrainedStyle, *, has_moments: bool = False) -> int:
    """Returns how often `stylize_in_strips` goes over a layer."""
    architecture = style.architecture
    kept = 3 * architecture.num_residual_blocks + 1
    ends = (architecture.down[:-1], architecture.up, architecture.refine)
    return kept + 1 + (0 if has_moments else sum(map(len, ends)))


class _Painter:
    def __init__(self, style, sweeper, moments):
        self.architecture, self.weights = style.architecture, style.weights
        self.sweeper, self.moments, self.measured = sweeper, moments, {}

    def paint(self, photo):
        x, kept = self.go_down(photo)
        x = self.go_up(x, kept, photo)
        kernel, bias = (self.weights[f"end_conv/{x}"] for x in ("kernel", "bias"))
        return Convolution(x, kernel, bias)

    def go_down(self, photo):
        x, down, kept = photo, self.architecture.down, []
        for i, (_, _, stride) in enumerate(down, start=1):
            is_last = i == len(down)
            x = self.join_noise(x) if is_last else x
            x = self.convolve(x, f"down{i}", stride=stride, is_kept=is_last)
            kept.append(x)
        for i in range(1, self.architecture.num_residual_blocks + 1):
            x = self.add_residual(x, f"residual{i}")
        return x, kept

    def add_residual(self, x, block):
        first = self.convolve(x, block, part=1, is_kept=True)
        second = self.convolve(first, block, part=2, is_kept=True, has_relu=False)
        return self.sweeper.keep(Sum(x, second))[0]

    def go_up(self, x, kept, photo):
        architecture = self.architecture
        for i in range(1, len(architecture.up) + 1):
            x = Upsampling(x, architecture.interpolation)
            x = self.join_noise(x) if i < len(architecture.up) else x
            x = self.convolve(x, f"up{i}")
            if architecture.has_inner_skips and i < len(architecture.up):
                x = Sum(x, kept[-1 - i])
        if architecture.has_skip:
            x = Concatenated(x, photo)
        for i in range(1, len(architecture.refine) + 1):
            x = self.convolve(x, f"refine{i}")
        return x

    def join_noise(self, x):
        if not (channels := self.architecture.noise_channels):
            return x
        tiles = make_noise_tiles(channels, self.architecture.noise_blurs)
        return Concatenated(x, Noise(x, tiles))

    def convolve(self, x, block, *, part="", stride=1, is_kept=False, has_relu=True):
        kernel = self.weights[f"{block}_conv{part}/kernel"]
        layer = Convolution(x, kernel, stride=stride)
        name, moments = f"{block}_norm{part}", None
        if is_kept:
            layer, moments = self.sweeper.keep(layer)
        elif not self.moments:
            moments = self.sweeper.measure(layer)
        self.measured[name] = moments
        moments = self.moments[name] if self.moments else moments
        gamma, beta = (self.weights[f"{name}/{x}"] for x in ("gamma", "beta"))
        return Normalization(layer, moments, gamma, beta, has_relu=has_relu)
