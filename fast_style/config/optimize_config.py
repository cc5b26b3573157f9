"""All that decides which picture the slow method finds."""

import dataclasses

from fast_style.config.checks import check_choices
from fast_style.config.checks import check_largest
from fast_style.config.checks import check_learning_rate
from fast_style.config.checks import check_numbers
from fast_style.config.checks import MAX_IMAGE_SIZE
from fast_style.config.checks import MAX_SEED
from fast_style.config.fields import check_field_names
from fast_style.config.loss_config import LossConfig

METHODS = ("lbfgs", "adam")
_SIZES = ("image_size", "style_image_size")


@check_field_names
@dataclasses.dataclass(kw_only=True)
class OptimizeConfig(LossConfig):
    """Slow method: all that decides which picture it finds.

    Sizes are in pixels. The fields of the loss are those of `LossConfig`.

    Attributes:
        method: `lbfgs` (SciPy's L-BFGS-B; pixels are kept in [0, 255]) or
            `adam` (pixels clipped to [0, 255] after each step).
        num_steps: Iterations; one of L-BFGS may compute the loss twice or more.
        image_size: Longer side that the content image is scaled to, and of the
            result. 0 keeps its own.
        style_image_size: Longer side that style images are scaled to. 0: the
            same as the content image's.
        learning_rate: Of Adam, in grey levels of [0, 255].
        beta_1: Of Adam: how long gradients are remembered.
        epsilon: Of Adam: what is added to the root of the squared gradients.
        noise_mean: Of the normal distribution that `start="noise"` draws from.
        noise_deviation: Of the same; values beyond two deviations are redrawn.
        seed: Of the noise and of random loss-network weights.
    """

    method: str = "lbfgs"
    num_steps: int = 200
    image_size: int = 512
    style_image_size: int = 512
    learning_rate: float = 5.0
    beta_1: float = 0.9
    epsilon: float = 1e-8
    noise_mean: float = 127.5
    noise_deviation: float = 20.0
    seed: int = 0

    def __post_init__(self):
        super().__post_init__()
        check_choices(self, {"method": METHODS})
        smallest = dict.fromkeys((*_SIZES, "seed"), 0)
        smallest |= {"num_steps": 1, "epsilon": 0, "noise_deviation": 0, "beta_1": 0}
        check_numbers(self, smallest)
        check_largest(self, {**dict.fromkeys(_SIZES, MAX_IMAGE_SIZE), "seed": MAX_SEED})
        check_learning_rate(self.learning_rate)
