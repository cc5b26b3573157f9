"""The registry of generators, each a row of numbers.

To add one, add its entry here; `generator.py` builds it. Like every registry this
imports nothing of the library.
"""

import dataclasses
import math


@dataclasses.dataclass(frozen=True, kw_only=True)
class Architecture:
    """The numbers that tell one generator from another.

    Attributes:
        down: `(filters, kernel_size, strides)` of each convolution on the way down.
        num_residual_blocks: At the lowest resolution, with as many filters as the
            last of `down`.
        up: Filters of each 3x3 convolution on the way up, each behind a resize by 2.
        refine: Filters of further 3x3 convolutions at full resolution.
        end_kernel_size: Of the last convolution, which paints the picture.
        interpolation: Of the resize, `nearest` or `bilinear`.
        has_skip: Whether the photo joins the features again at full resolution,
            before `refine`.
        zero_init_residual: Whether residual blocks add nothing at first: the scale
            of their last normalization is initialized with zeros.
        has_inner_skips: Whether what each convolution on the way down computed, but the
            last, is added to what is computed on the way up at the same resolution,
            which must have as many filters.
        noise_channels: Channels of noise that join the features at half resolution,
            on the way down and up. (At full resolution they end as grain; from a
            quarter alone, strokes are made of upsampling's own pattern.)
        noise_blurs: For each channel of noise how much it is blurred, as in
            `make_noise_tiles`; empty: all are white. Blurred noise tells where to put
            a motif of many pixels; with white noise alone, a generator fills dark
            areas with a lattice of dots.
        output_gain: The output is `127.5 + output_gain * tanh`, clipped to [0, 255].
        num_conditions: Scales and shifts that each normalization has to mix, see
            `conditions.py`; 0: one, and nothing to mix.
    """

    down: tuple[tuple[int, int, int], ...]
    num_residual_blocks: int
    up: tuple[int, ...]
    refine: tuple[int, ...]
    end_kernel_size: int
    interpolation: str
    has_skip: bool = False
    zero_init_residual: bool = False
    has_inner_skips: bool = False
    noise_channels: int = 0
    noise_blurs: tuple[float, ...] = ()
    output_gain: float = 127.5
    num_conditions: int = 0

    @property
    def stride(self) -> int:
        """Pixels of the image per pixel where the residual blocks are."""
        return math.prod(stride for _, _, stride in self.down)


# `johnson` is the paper's network. The others begin with a stride of 2, so that
# nothing but the last convolutions works at full resolution, and end with a
# 3x3 at full resolution, without which bilinear upsampling stays soft.
ARCHITECTURES = {
    "johnson": Architecture(
        down=((32, 9, 1), (64, 3, 2), (128, 3, 2)),
        num_residual_blocks=5,
        up=(64, 32),
        refine=(),
        end_kernel_size=9,
        interpolation="nearest",
    ),
    "fast": Architecture(
        down=((32, 5, 2), (64, 3, 2)),
        num_residual_blocks=5,
        up=(32, 16),
        refine=(16,),
        end_kernel_size=5,
        interpolation="bilinear",
        has_skip=True,
        noise_channels=4,
        noise_blurs=(0.0, 1.5, 3.0, 6.0),
    ),
    "tiny": Architecture(
        down=((16, 5, 2), (32, 3, 2)),
        num_residual_blocks=3,
        up=(16, 8),
        refine=(8,),
        end_kernel_size=5,
        interpolation="bilinear",
        has_skip=True,
        noise_channels=4,
        noise_blurs=(0.0, 1.5, 3.0, 6.0),
    ),
}
# The generator of any style is a `fast` one, whose rows a network mixes.
ARBITRARY = "arbitrary"
ARBITRARY_BASE = "fast"
# Of each normalization, added to the variance.
EPSILON = 1e-5
# In pixels, for reflection by 1 at a quarter and by 4 at full resolution.
MINIMUM_SIZE = 16


def mirror_to_multiple(size: int, stride: int) -> list[int]:
    """Lists the rows that a generator sees: a multiple of its stride, by reflection.

    Args:
        size: Height or width of a picture in pixels.
        stride: Stride of the generator.

    Returns:
        For each row or column, which one of the picture it is.
    """
    padded = max(-(-size // stride) * stride, MINIMUM_SIZE)
    period = max(2 * (size - 1), 1)
    return [min(i % period, period - i % period) for i in range(padded)]


def list_weight_shapes(architecture: Architecture) -> dict[str, tuple[int, ...]]:
    """Returns the weights of a generator, in the order of its layers.

    So that a file can be checked before a network of the size it declares is built.

    Args:
        architecture: Its numbers.

    Returns:
        Dict from name, such as `down1_conv/kernel`, `down1_norm/gamma` or
        `end_conv/bias`, to shape; kernels are `(size, size, C_in, filters)`, tables of
        `gamma` and `beta` `(num_conditions, filters)`.
    """
    shapes, channels = {}, 3
    rows = (architecture.num_conditions,) if architecture.num_conditions else ()

    def add(block, filters, size=3, *, part="", noise=0):
        nonlocal channels
        kernel = (size, size, channels + noise, filters)
        shapes[f"{block}_conv{part}/kernel"] = kernel
        if block == "end":
            shapes["end_conv/bias"] = (filters,)
        else:
            shapes[f"{block}_norm{part}/gamma"] = (*rows, filters)
            shapes[f"{block}_norm{part}/beta"] = (*rows, filters)
        channels = filters

    noise = architecture.noise_channels
    for i, (filters, size, _) in enumerate(architecture.down, start=1):
        add(
            f"down{i}", filters, size, noise=noise if i == len(architecture.down) else 0
        )
    for i in range(1, architecture.num_residual_blocks + 1):
        for part in (1, 2):
            add(f"residual{i}", channels, part=part)
    for i, filters in enumerate(architecture.up, start=1):
        add(f"up{i}", filters, noise=noise if i < len(architecture.up) else 0)
    channels += 3 if architecture.has_skip else 0
    for i, filters in enumerate(architecture.refine, start=1):
        add(f"refine{i}", filters)
    add("end", 3, architecture.end_kernel_size)
    return shapes
