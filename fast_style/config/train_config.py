"""All that decides how a training comes out."""

import dataclasses
import math

from fast_style.config.checks import check_choices
from fast_style.config.checks import check_largest
from fast_style.config.checks import check_learning_rate
from fast_style.config.checks import check_numbers
from fast_style.config.checks import MAX_IMAGE_SIZE
from fast_style.config.checks import MAX_SEED
from fast_style.config.fields import check_field_names
from fast_style.config.loss_config import LossConfig
from fast_style.config.styles import check_styles
from fast_style.losses.networks.registry import find_stride
from fast_style.models.architectures import ARBITRARY
from fast_style.models.architectures import ARBITRARY_BASE
from fast_style.models.architectures import ARCHITECTURES
from fast_style.training.optimizers.registry import OPTIMIZERS

SCHEDULES = ("constant", "cosine")
PRECISIONS = ("auto", "float32", "mixed_bfloat16")
DISTRIBUTIONS = ("auto", "none", "mirrored", "multi_worker")
_DEFAULT_WARMUP_STEPS = 50
_CHOICES = {
    "generator": (*ARCHITECTURES, ARBITRARY),
    "optimizer": tuple(OPTIMIZERS),
    "learning_rate_schedule": SCHEDULES,
    "precision": PRECISIONS,
    "distribute": DISTRIBUTIONS,
}
_FROM_0 = (
    "style_image_size", "loss_jitter", "ema_momentum", "seed", "global_clipnorm",
    "divergence_threshold", "max_divergences", "min_style_weight",
)  # fmt: skip
_FROM_1 = (
    "min_image_size", "batch_size", "num_steps", "log_every_steps",
    "sample_every_steps", "num_checkpoints",
)  # fmt: skip
_SMALLEST = {
    **dict.fromkeys(_FROM_0, 0),
    **dict.fromkeys(_FROM_1, 1),
    **dict.fromkeys(("image_size", "sample_image_size"), 16),
    "warmup_steps": -1,
}
_LARGEST = {
    "style_image_size": MAX_IMAGE_SIZE,
    "image_size": 4_096,
    "batch_size": 65_536,
    "sample_image_size": MAX_IMAGE_SIZE,
    "seed": MAX_SEED,
}


@check_field_names
@dataclasses.dataclass(kw_only=True)
class TrainConfig(LossConfig):
    """Training: all that decides how it comes out.

    Sizes are in pixels. Paths are relative to the folder that the training is
    started from. The fields of the loss are those of `LossConfig`.

    The defaults are what a run of a quarter of an hour on two CPU cores wants:
    docs/method.md, docs/recipe.md. A GPU has room for larger crops and batches.

    Attributes:
        style_image: The picture whose style is learned.
        style_images: Pictures and folders of them, whose styles are learned together,
            each by its own name: that of its file. Instead of `style_image`.
        style_image_size: Longer side that it is scaled to; it sets how large
            the strokes come out. 0 keeps the file's size. Of `style_images` with
            names, smaller ones keep theirs, down to 256.
        min_style_weight: Style weight at strength 0.4, where `style_weight` is that at
            strength 1: in the second half of the training each crop draws one between
            them, and the style has all. 0: the strength is not trained in.
        style_factors: Of the style weight, for some of `style_images` by their names,
            such as `("wave:1.5",)`: the same weight makes some styles stronger than
            others. They have these beside `min_style_weight` too.
        train_images: Folder of photos, searched recursively.
        coco_annotations: COCO `instances_*.json`; only the photos it lists
            are then taken from `train_images`. Empty: all photos there.
        coco_categories: Names such as `person`; photos must show at least
            one. Empty: all photos. Needs `coco_annotations`.
        min_image_size: Photos with a shorter side below this are skipped.
        image_size: Side of the square crops that the generator trains on; a
            multiple of 4.
        min_crop_scale: Smallest crop, as a part of the photo's shorter side;
            the largest is all of it.
        batch_size: Crops per step, of all devices together.
        num_steps: Steps in all.
        loss_jitter: Stylized crops lose 0 to this many pixels at the top and left
            before they are compared, others in each step. Without, the grids
            of the generator and of the loss network's pooling always lie on
            each other, and a generator learns patterns that only fit there.
        generator: `johnson`, `fast` or `tiny`, from large to small; `johnson`
            is the paper's, without noise. `arbitrary` is a `fast` one that paints like
            any picture: a network looks at it. The more `style_images` the better.
        init_from: A trained style to begin with, instead of random weights: a
            bundled name, a `.keras` file, or the workdir of a training. Its
            generator must be of the same kind. For `arbitrary` it may be `fast`; if
            it has styles that two or more pictures are named after, those are known
            at once, and kernels of convolutions learn at a tenth of the rate.
        optimizer: `muon` (kernels of convolutions move by orthogonal matrices, all
            else as with Adam; fewer steps for the same loss) or `adam`.
        learning_rate: At its highest; in the sense of Adam for both.
        learning_rate_schedule: `constant`, or `cosine` down to 0.
        ema_momentum: The style that is written has the mean of the weights
            over about 1 / (1 - `ema_momentum`) steps; 0: those of the last. The
            sample sheets show those of their step.
        warmup_steps: Steps over which the rate rises from 0. -1: 50, or an eighth of
            `num_steps` if that is fewer.
        precision: Keras dtype policy of the generator, `float32` or `mixed_bfloat16`;
            the loss network computes in its 16-bit type too. `auto` is the latter
            where the device has bfloat16 in hardware, else `float32`; the workdir's
            config says which, and a training goes on as it began.
        distribute: `none`, `mirrored` (all GPUs), `multi_worker` (the processes that
            the environment variable TF_CONFIG names), or `auto`: what is there.
        seed: Of everything random.
        sample_images: Folder or file of photos for the sample sheets. Empty:
            the first three training photos.
        sample_image_size: Longer side of the photos on the sheets.
        log_every_steps: Losses are written this often, and a checkpoint.
        sample_every_steps: Sheets are written this often, and after the last step.
        num_checkpoints: How many of the newest are kept.
        global_clipnorm: Gradients with a larger global norm are scaled down to it;
            0: none is.
        divergence_threshold: When the mean loss of 8 steps is more than so many times
            the median of the 64 before, or a loss or gradient is NaN or infinite, the
            training goes back to its last checkpoint, and on with half the
            learning rate. 0: only if it is NaN or infinite.
        max_divergences: How often that may happen before the training stops.
    """

    style_image: str = ""
    style_images: tuple[str, ...] = ()
    style_image_size: int = 512
    min_style_weight: float = 0.0
    style_factors: tuple[str, ...] = ()
    train_images: str
    coco_annotations: str = ""
    coco_categories: tuple[str, ...] = ()
    min_image_size: int = 64
    image_size: int = 256
    min_crop_scale: float = 0.3
    batch_size: int = 2
    num_steps: int = 1_500
    loss_jitter: int = 7
    generator: str = "fast"
    init_from: str = ""
    optimizer: str = "muon"
    learning_rate: float = 3e-3
    learning_rate_schedule: str = "cosine"
    ema_momentum: float = 0.0
    warmup_steps: int = -1
    precision: str = "auto"
    distribute: str = "auto"
    seed: int = 0
    sample_images: str = ""
    sample_image_size: int = 384
    log_every_steps: int = 100
    sample_every_steps: int = 200
    num_checkpoints: int = 2
    global_clipnorm: float = 200.0
    divergence_threshold: float = 2.0
    max_divergences: int = 5

    def __post_init__(self):
        super().__post_init__()
        check_styles(self)
        check_choices(self, _CHOICES)
        check_numbers(self, _SMALLEST)
        check_largest(self, _LARGEST)
        check_learning_rate(self.learning_rate)
        _check_ranges(self)
        _check_sizes(self)

    @property
    def stride(self) -> int:
        """Pixels of a crop per pixel of the generator's residual blocks."""
        name = ARBITRARY_BASE if self.generator == ARBITRARY else self.generator
        return ARCHITECTURES[name].stride

    @property
    def num_warmup_steps(self) -> int:
        """What `warmup_steps` stands for."""
        if self.warmup_steps >= 0:
            return self.warmup_steps
        return min(_DEFAULT_WARMUP_STEPS, self.num_steps // 8)


def _check_ranges(config):
    if config.warmup_steps >= config.num_steps:
        raise ValueError(
            "`warmup_steps` must be fewer than `num_steps`. Received: "
            f"warmup_steps={config.warmup_steps}, num_steps={config.num_steps}"
        )
    if config.ema_momentum >= 1:
        raise ValueError(
            "`ema_momentum` must be below 1, such as 0.99. "
            f"Received: ema_momentum={config.ema_momentum!r}"
        )
    if config.image_size % (stride := config.stride):
        raise ValueError(
            f"`image_size` must be a multiple of {stride}, the generator's stride. "
            f"Received: image_size={config.image_size!r}"
        )
    if not 0 < config.min_crop_scale <= 1:
        raise ValueError(
            "`min_crop_scale` is a part of the shorter side, above 0 and at most 1. "
            f"Received: min_crop_scale={config.min_crop_scale!r}"
        )


def _check_sizes(config):
    if config.coco_categories and not config.coco_annotations:
        raise ValueError(
            "`coco_categories` needs `coco_annotations`, the file that says what is "
            f"on the photos. Received: coco_categories={config.coco_categories!r}"
        )
    for name, term in config.used_terms.items():
        _check_crops(config, name, term)


def _check_crops(config, name, term):
    shift = term.num_levels - 1
    # The deepest layer needs 2x2 activations at the last level.
    needed = 2 * find_stride(term.network, term.layers)
    needed = max(needed, term.smallest_side >> shift)
    smallest = (config.image_size - config.loss_jitter) >> shift
    if smallest < needed:
        enough = (needed << shift) + config.loss_jitter
        raise ValueError(
            f"`image_size` is too small for {term.num_levels} pyramid levels with "
            f"{', '.join(term.layers)} in `terms.{name}`: the last level would be "
            f"{smallest} pixels, and these layers need {needed}. Received: "
            f"image_size={config.image_size}; use at least "
            f"{math.ceil(enough / config.stride) * config.stride}"
        )
