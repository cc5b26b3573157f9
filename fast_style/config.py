"""All that decides how a training comes out, in one checked dataclass."""

import dataclasses
import difflib
import json
import math
import os
import pathlib
import re
import typing

GENERATORS = ("johnson", "fast", "tiny")
LOSS_NETWORKS = ("vgg16", "vgg19")
POOLINGS = ("max", "average")
PADDINGS = ("zeros", "symmetric")
STYLE_DISTANCES = ("squared", "plain")
NAMED_WEIGHTS = ("imagenet", "pocket", "random")
STYLE_STATISTICS = ("covariance", "gram")
SCALINGS = ("relative", "johnson2016", "gatys2016")
OPTIMIZERS = ("muon", "adam")
SCHEDULES = ("constant", "cosine")
PRECISIONS = ("auto", "float32", "mixed_bfloat16")
DISTRIBUTIONS = ("auto", "none", "mirrored", "multi_worker")
_SMALLEST_OF_LOSS = {
    "style_layer_weights": 0,
    "content_layer_weights": 0,
    "content_levels": 0,
    "style_levels": 0,
    "content_weight": 0,
    "style_weight": 0,
    "tv_weight": 0,
}
_SMALLEST_OF_TRAINING = {
    "style_image_size": 0,
    "min_image_size": 1,
    "image_size": 16,
    "batch_size": 1,
    "num_steps": 1,
    "loss_shift": 0,
    "warmup_steps": 0,
    "ema_momentum": 0,
    "seed": 0,
    "sample_image_size": 16,
    "log_every_steps": 1,
    "sample_every_steps": 1,
    "num_checkpoints": 1,
    "global_clipnorm": 0,
    "divergence_threshold": 0,
    "max_divergences": 0,
}


@dataclasses.dataclass(kw_only=True)
class LossConfig:
    """What pictures are compared by, in training and in optimization.

    Weights multiply the formulas of `losses.py`. On the command line tuples are
    given with commas, `--config.style_layers=relu1_1,relu2_1`.

    Attributes:
        loss_network: `vgg16` or `vgg19`.
        loss_network_weights: `imagenet` (downloaded once), `pocket` (comes
            along; the first two blocks of VGG16, nearly), `random`, or an
            `.h5`, `.npz` or `.npy` file.
        loss_network_pooling: `max` or `average`.
        loss_network_padding: `zeros` as VGG was trained, or `symmetric`,
            which shows it no edge at the border.
        style_layers: Layers whose textures are compared: `relu1_1`, or
            `conv1_1` for the same before its ReLU.
        style_layer_weights: A number for each; empty: equal, with sum 1.
        style_levels: Weight of the style loss at each pyramid level, beginning
            with full resolution.
        content_layers: Layers whose activations are compared.
        content_layer_weights: A number for each; empty: equal, with sum 1.
        content_levels: Weight of the content loss at each pyramid level.
        style_statistics: `covariance` (and means) or `gram`.
        style_distance: `squared`, or `plain`: its square root.
        scaling: `relative` to the style's own energy, or the formulas of
            `johnson2016` or `gatys2016`.
        content_weight: Factor of the content loss.
        style_weight: Factor of the style loss.
        tv_weight: Factor of the total-variation loss.
    """

    loss_network: str = "vgg16"
    loss_network_weights: str = "pocket"
    loss_network_pooling: str = "max"
    loss_network_padding: str = "symmetric"
    style_layers: tuple[str, ...] = ("relu1_1", "relu1_2", "relu2_1", "relu2_2")
    style_layer_weights: tuple[float, ...] = ()
    # Little at full resolution, which a generator meets by grain, not by strokes.
    style_levels: tuple[float, ...] = (0.07, 0.31, 0.31, 0.31)
    content_layers: tuple[str, ...] = ("relu2_2",)
    content_layer_weights: tuple[float, ...] = ()
    # Nothing at full resolution, where strokes have their freedom, and most at an
    # eighth, so that a face is not covered by the painting's own large shapes.
    content_levels: tuple[float, ...] = (0.0, 0.25, 0.25, 1.0)
    style_statistics: str = "covariance"
    style_distance: str = "plain"
    scaling: str = "relative"
    content_weight: float = 1.0
    style_weight: float = 1.0
    tv_weight: float = 0.05

    def __post_init__(self):
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            setattr(self, field.name, _to_type(field, value))
        _check_choices(self)
        check_numbers(self, _SMALLEST_OF_LOSS)
        _check_layers(self)


@dataclasses.dataclass(kw_only=True)
class TrainConfig(LossConfig):
    """All that decides how a training comes out.

    Sizes are in pixels. Paths are relative to the folder that the training is
    started from. The fields of the loss are those of `LossConfig`.

    The defaults are what a run of half an hour on two CPU cores was found to want:
    docs/method.md, docs/recipe.md. A GPU has room for larger crops and batches.

    Attributes:
        style_image: The picture whose style is learned.
        style_image_size: Longer side that it is scaled to; it sets how large
            the strokes come out. 0 keeps the file's size.
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
        loss_shift: Stylized crops lose 0 to this many pixels at the top and left
            before they are compared, others in each step. Without, the grids
            of the generator and of the loss network's pooling always lie on
            each other, and a generator learns patterns that only fit there.
        generator: `johnson`, `fast` or `tiny`, from large to small; `johnson`
            is the paper's, without noise.
        init_from: A trained style to begin with, instead of random weights: a
            bundled name, a `.keras` file, or the workdir of a training. Its
            generator must be of the same kind.
        optimizer: `muon` (kernels of convolutions move by orthogonal matrices, all
            else as with Adam; fewer steps for the same loss) or `adam`.
        learning_rate: At its highest; in the sense of Adam for both.
        learning_rate_schedule: `constant`, or `cosine` down to 0.
        ema_momentum: The style that is written has the mean of the weights
            over about 1 / (1 - `ema_momentum`) steps; 0: those of the last. The
            sample sheets show those of their step.
        warmup_steps: Steps over which the rate rises from 0.
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
            the median of the 64 before, or a loss or gradient is no number, the
            training goes back to its last checkpoint, and on with half the
            learning rate. 0: only if it is no number.
        max_divergences: How often that may happen before the training stops.
    """

    style_image: str
    style_image_size: int = 512
    train_images: str
    coco_annotations: str = ""
    coco_categories: tuple[str, ...] = ()
    min_image_size: int = 64
    image_size: int = 128
    min_crop_scale: float = 0.3
    batch_size: int = 2
    num_steps: int = 3_000
    loss_shift: int = 7
    generator: str = "fast"
    init_from: str = ""
    optimizer: str = "muon"
    learning_rate: float = 1.5e-3
    learning_rate_schedule: str = "cosine"
    ema_momentum: float = 0.0
    warmup_steps: int = 50
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
        check_numbers(self, _SMALLEST_OF_TRAINING)
        check_learning_rate(self.learning_rate)
        _check_ranges(self)
        _check_sizes(self)


def _to_type(field, value):
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if typing.get_origin(field.type) is tuple:
        (item_type, _) = typing.get_args(field.type)
        if isinstance(value, str) and item_type is str:
            value = [item.strip() for item in value.split(",") if item.strip()]
        if isinstance(value, list | tuple):
            return tuple(_to_scalar(field, item_type, item) for item in value)
        return (_to_scalar(field, item_type, value),)
    return _to_scalar(field, field.type, value)


def _to_scalar(field, expected, value):
    if expected is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not expected:
        raise TypeError(
            f"`{field.name}` must be of type {expected.__name__}. "
            f"Received: {field.name}={value!r}"
        )
    return value


def _check_choices(config):
    choices = {
        "generator": GENERATORS,
        "loss_network": LOSS_NETWORKS,
        "loss_network_pooling": POOLINGS,
        "loss_network_padding": PADDINGS,
        "style_distance": STYLE_DISTANCES,
        "style_statistics": STYLE_STATISTICS,
        "scaling": SCALINGS,
        "optimizer": OPTIMIZERS,
        "learning_rate_schedule": SCHEDULES,
        "precision": PRECISIONS,
        "distribute": DISTRIBUTIONS,
    }
    for name, allowed in choices.items():
        if (value := getattr(config, name, allowed[0])) not in allowed:
            raise ValueError(
                f"`{name}` must be one of {', '.join(allowed)}. "
                f"Received: {name}={value!r}"
            )


def check_numbers(config, smallest: dict[str, float]) -> None:
    """Checks that fields are finite and not too small.

    Args:
        config: What to check; fields may be numbers or tuples of some.
        smallest: Dict from field to the least value allowed.

    Raises:
        ValueError: If one is smaller.
    """
    for name, minimum in smallest.items():
        value = getattr(config, name)
        for number in value if isinstance(value, tuple) else (value,):
            if not (number >= minimum and math.isfinite(number)):
                raise ValueError(
                    f"`{name}` must be at least {minimum} and finite. "
                    f"Received: {name}={number!r}"
                )


def check_learning_rate(learning_rate: float) -> None:
    """Checks that a learning rate is positive and finite.

    Raises:
        ValueError: If not.
    """
    if not (learning_rate > 0 and math.isfinite(learning_rate)):
        raise ValueError(
            "`learning_rate` must be above 0 and finite. "
            f"Received: learning_rate={learning_rate!r}"
        )


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
    if config.image_size % 4:
        raise ValueError(
            "`image_size` must be a multiple of 4, the generator's stride. "
            f"Received: image_size={config.image_size!r}"
        )
    if not 0 < config.min_crop_scale <= 1:
        raise ValueError(
            "`min_crop_scale` is a part of the shorter side, above 0 and at most 1. "
            f"Received: min_crop_scale={config.min_crop_scale!r}"
        )


def _check_layers(config):
    for name in ("style_layers", "content_layers"):
        layers, weights_name = getattr(config, name), f"{name[:-1]}_weights"
        weights = getattr(config, weights_name)
        if not layers:
            raise ValueError(f"`{name}` must name at least one layer. Received: ()")
        if len(set(layers)) < len(layers):
            raise ValueError(
                f"`{name}` must name each layer once. Received: {name}={layers!r}"
            )
        for layer in layers:
            if not re.fullmatch(r"(relu|conv)[1-5]_[1-4]", layer):
                raise ValueError(
                    f"`{name}` must be layers such as relu1_2. Received: {layer!r}"
                )
        if weights and len(weights) != len(layers):
            raise ValueError(
                f"`{weights_name}` must be empty or have a number for each of "
                f"{len(layers)} layers. Received: {weights_name}={weights!r}"
            )
    for name in ("style_levels", "content_levels"):
        if not getattr(config, name):
            raise ValueError(f"`{name}` must have at least one number. Received: ()")


def _check_sizes(config):
    if config.coco_categories and not config.coco_annotations:
        raise ValueError(
            "`coco_categories` needs `coco_annotations`, the file that says what is "
            f"on the photos. Received: coco_categories={config.coco_categories!r}"
        )
    levels = max(len(config.style_levels), len(config.content_levels))
    deepest = max(int(n[4]) for n in config.style_layers + config.content_layers)
    smallest = (config.image_size - config.loss_shift) >> (levels - 1)
    if smallest < 2**deepest:
        enough = 2 ** (deepest + levels - 1) + config.loss_shift
        raise ValueError(
            f"`image_size` is too small for {levels} pyramid levels with layers down "
            f"to block {deepest}: the last level would be {smallest} pixels. "
            f"Received: image_size={config.image_size}; use at least "
            f"{math.ceil(enough / 4) * 4}"
        )


def parse_field(field, text: str):
    """Reads a dataclass field from the command line.

    Args:
        field: Of a config, as `dataclasses.fields` lists it.
        text: A number or word; for tuples several, with commas between.

    Raises:
        ValueError: If it is not of the field's type.
    """
    is_tuple = typing.get_origin(field.type) is tuple
    item_type = typing.get_args(field.type)[0] if is_tuple else field.type
    try:
        if is_tuple:
            return tuple(item_type(item.strip()) for item in text.split(",") if item)
        return item_type(text)
    except ValueError:
        kind = f"{item_type.__name__}s with commas" if is_tuple else item_type.__name__
        raise ValueError(
            f"`{field.name}` must be {kind}. Received: {field.name}={text!r}"
        ) from None


def check_paths(config: TrainConfig) -> None:
    """Checks that the files which a training reads are there.

    Args:
        config: What to check.

    Raises:
        FileNotFoundError: If one is not; the message names the field.
    """
    weights = config.loss_network_weights
    files = {
        "style_image": config.style_image,
        "coco_annotations": config.coco_annotations,
        "loss_network_weights": "" if weights in NAMED_WEIGHTS else weights,
    }
    for name, path in files.items():
        if path and not pathlib.Path(path).is_file():
            raise FileNotFoundError(
                f"`{name}` must be a file that exists. Received: {name}={path!r} "
                f"(in {os.getcwd()!r}). docs/training.md says how to fill `data/`."
            )
    for name in ("train_images", "sample_images"):
        path = getattr(config, name)
        if path and not pathlib.Path(path).exists():
            raise FileNotFoundError(
                f"`{name}` must be a folder that exists. Received: {name}={path!r} "
                f"(in {os.getcwd()!r}). docs/training.md says how to fill `data/`."
            )


def to_json(config: TrainConfig) -> str:
    """Writes a config down, a field per line."""
    fields = dataclasses.asdict(config)
    return json.dumps(fields, indent=2, default=os.fspath) + "\n"


def from_json(text: str) -> TrainConfig:
    """Reads what `to_json` wrote.

    Raises:
        ValueError: If a field is unknown or has an impossible value.
    """
    fields = json.loads(text)
    known = {field.name for field in dataclasses.fields(TrainConfig)}
    for name in fields.keys() - known:
        raise ValueError(f"Unknown field: {name!r}.{suggest_field(name)}")
    return TrainConfig(**fields)


def suggest_field(name: str) -> str:
    """Says which field of `TrainConfig` may have been meant, if `name` is none."""
    known = [field.name for field in dataclasses.fields(TrainConfig)]
    if name in known:
        return ""
    close = difflib.get_close_matches(name, known, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""
