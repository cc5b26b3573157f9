"""The registry of generators: the numbers that tell one from another."""

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class Architecture:
    """The numbers that tell one generator from another.

    Convolutions are `(filters, kernel_size, strides)`. With `has_skip` the photo
    itself joins the features again at full resolution, before `refine`. With
    `zero_init_residual` residual blocks begin by adding nothing. Channels of noise join
    the features at half resolution, on the way down and up. (At full resolution
    they end as grain; from a quarter alone, strokes are made of upsampling's own
    pattern.) The output is `127.5 + output_gain * tanh`, cut to [0, 255].
    """

    down: tuple[tuple[int, int, int], ...]
    num_residual_blocks: int
    up: tuple[int, ...]
    refine: tuple[int, ...]
    end_kernel_size: int
    interpolation: str
    has_skip: bool = False
    zero_init_residual: bool = False
    noise_channels: int = 0
    output_gain: float = 127.5


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
    ),
}
STRIDE = 4
# Reflection by 1 at a quarter and by 4 at full resolution needs this much.
MINIMUM_SIZE = 16
