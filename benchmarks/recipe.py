"""Varies the training recipe one thing at a time, and measures each variant.

    python benchmarks/recipe.py --photos=data/coco/train2017 \
        --style=data/styles/starry_night.jpg --folder=runs/recipe

Each variant is trained for a few minutes on all but the last 16 photos, judged on
those by one and the same loss, and adds a line to `table.md` and a pair of pictures to
`pictures.png`. What is done already is not done again, so the command may be stopped
and started at any time.
"""

import dataclasses
import json
import pathlib
import subprocess
import sys

from absl import app
from absl import flags
from trials import read_seconds
from trials import split_photos
from trials import train_and_time

from fast_style.evaluation.losses import LOSSES
from fast_style.evaluation.metrics.registry import METRICS

# Overrides of TrainConfig's defaults. A dict under "architecture" replaces fields of
# the generator `fast`.
VARIANTS = {
    "base": {},
    "seed 1": {"seed": 1},
    "real VGG16": {"loss_network": "vgg16", "loss_network_weights": "given"},
    "bfloat16": {"precision": "mixed_bfloat16"},
    # Style.
    "statistics gram": {"style_statistics": "gram"},
    "distance squared style weight 5": {
        "style_distance": "squared",
        "style_weight": 5.0,
    },
    "style weight 1.5": {"style_weight": 1.5},
    "style layers x_2": {"style_layers": ("relu1_2", "relu2_2")},
    "style layers block 2 doubled": {
        "style_layer_weights": (1 / 6, 1 / 6, 1 / 3, 1 / 3)
    },
    "style at full resolution as much": {"style_levels": (0.25, 0.25, 0.25, 0.25)},
    "style not at full resolution": {"style_levels": (0.0, 1 / 3, 1 / 3, 1 / 3)},
    "style less at level 3": {"style_levels": (0.07, 0.42, 0.42, 0.09)},
    "style at levels 0 to 2": {"style_levels": (0.1, 0.45, 0.45)},
    "painting 384": {"style_image_size": 384},
    "painting 768": {"style_image_size": 768},
    # Content.
    "content at level 0 too": {"content_levels": (0.25, 0.25, 0.25, 1.0)},
    "content at levels 1 and 2": {"content_levels": (0.0, 0.5, 0.5)},
    "content at level 3 alone": {"content_levels": (0.0, 0.0, 0.0, 1.0)},
    "content relu1_2": {"content_layers": ("relu1_2",)},
    # The rest of the loss.
    "tv 0": {"tv_weight": 0.0},
    "padding zeros": {"loss_network_padding": "zeros"},
    "loss jitter 0": {"loss_jitter": 0},
    # Photos.
    "crops 96 batch 4": {"image_size": 96, "batch_size": 4},
    "crops 192 batch 1": {"image_size": 192, "batch_size": 1},
    "crops from 0.15": {"min_crop_scale": 0.15},
    "batch 4": {"batch_size": 4},
    # Optimizer.
    "rate 3e-3": {"learning_rate": 3e-3},
    "rate constant": {"learning_rate_schedule": "constant"},
    "EMA 0.99": {"ema_momentum": 0.99},
    "Adam": {"optimizer": "adam"},
    # Generator.
    "tiny": {"generator": "tiny"},
    "no noise": {"architecture": {"noise_channels": 0}},
    "photo not at the end": {"architecture": {"has_skip": False}},
    "nearest": {"architecture": {"interpolation": "nearest"}},
    "end 9x9": {"architecture": {"end_kernel_size": 9}},
    "8 blocks": {"architecture": {"num_residual_blocks": 8}},
    "stem 9x9": {"architecture": {"down": ((32, 9, 2), (64, 3, 2))}},
    "stem at full resolution": {
        "architecture": {"down": ((16, 5, 1), (32, 3, 2), (64, 3, 2))}
    },
    "empty blocks": {"architecture": {"zero_init_residual": True}},
    "output 150 tanh": {"architecture": {"output_gain": 150.0}},
}
# Of scikit-image, so that they may be published.
SAMPLES = ("coffee.png", "rocket.jpg")

_PHOTOS = flags.DEFINE_string("photos", None, "folder of photos", required=True)
_STYLE = flags.DEFINE_string("style", None, "the painting", required=True)
_FOLDER = flags.DEFINE_string("folder", "runs/recipe", "where to write")
_WEIGHTS = flags.DEFINE_string(
    "weights", "imagenet", "VGG16's weights, of the judge and of `real VGG16`"
)
_STEPS = flags.DEFINE_integer("steps", 400, "steps of each variant")
_ONLY = flags.DEFINE_list("only", None, "names of variants, with commas")
_CHILD = flags.DEFINE_string("child", None, "used by the script itself")


def main(argv):
    del argv
    folder = pathlib.Path(_FOLDER.value)
    if _CHILD.value:
        run_variant(_CHILD.value, folder / to_folder_name(_CHILD.value))
        return
    split_photos(_PHOTOS.value, folder)
    for name in _ONLY.value or VARIANTS:
        if not (folder / to_folder_name(name) / "result.json").is_file():
            # A process of its own: its memory and its generators end with it.
            command = [sys.executable, __file__, f"--child={name}", *sys.argv[1:]]
            subprocess.run(command, check=False)
        write_table(folder)
        draw_pictures(folder)
    print(folder / "table.md", folder / "pictures.png")


def to_folder_name(name):
    return name.replace(" ", "_")


def find_overrides(name):
    """Returns a variant's fields of `TrainConfig`; registers its generator, if any."""
    from fast_style.models.architectures import ARCHITECTURES

    overrides = dict(VARIANTS[name])
    if changes := overrides.pop("architecture", None):
        ARCHITECTURES["variant"] = dataclasses.replace(ARCHITECTURES["fast"], **changes)
        overrides["generator"] = "variant"
    if overrides.get("loss_network_weights") == "given":
        overrides["loss_network_weights"] = _WEIGHTS.value
    return overrides


def run_variant(name, workdir):
    overrides = find_overrides(name)
    # Only now: the config's module notes the architectures that there are.
    from fast_style.config.loss_config import LossConfig
    from fast_style.config.train_config import TrainConfig
    from fast_style.evaluation.evaluation import evaluate

    photos = workdir.parent / "photos"
    config = TrainConfig(
        style_image=_STYLE.value,
        train_images=str(photos / "train"),
        sample_images=str(photos / "held_out"),
        num_steps=_STEPS.value,
        sample_every_steps=_STEPS.value,
        **{"precision": "float32", **overrides},
    )
    train_and_time(config, workdir)
    judge = LossConfig(loss_network="vgg16", loss_network_weights=_WEIGHTS.value)
    report = evaluate(
        workdir,
        photos / "held_out",
        workdir / "report",
        style_image_size=TrainConfig.style_image_size,
        max_photos=8,
        num_lbfgs_photos=0,
        **dataclasses.asdict(judge),
    )
    result = {
        "name": name,
        "seconds": read_seconds(workdir),
        "gap": report["gap"],
        **{k: v["mean"] for k, v in report["losses"]["held_out"].items()},
        **{name: report["metrics"][name]["mean"] for name in METRICS},
    }
    stylize_samples(workdir)
    (workdir / "result.json").write_text(json.dumps(result))


def stylize_samples(workdir):
    from fast_style.inference.stylizer import load_style
    from fast_style.io.images import load_resized
    from fast_style.io.images import save_image
    from fast_style.samples import find_sample_photos

    stylizer = load_style(workdir)
    for name in SAMPLES:
        photo = load_resized(find_sample_photos() / name, 384)
        save_image(stylizer(photo[:256]), workdir / f"{pathlib.Path(name).stem}.png")


def draw_pictures(folder):
    from fast_style.evaluation.plots import draw_pairs
    from fast_style.io.images import load_image

    names = [pathlib.Path(name).stem for name in SAMPLES]
    rows = []
    for variant in VARIANTS:
        workdir = folder / to_folder_name(variant)
        if (workdir / "result.json").is_file():
            pictures = [load_image(workdir / f"{name}.png") for name in names]
            height = min(picture.shape[0] for picture in pictures)
            rows.append((variant, *(picture[:height] for picture in pictures)))
    if rows:
        draw_pairs(rows, folder / "pictures.png")


def write_table(folder):
    paths = [folder / to_folder_name(name) / "result.json" for name in VARIANTS]
    results = [json.loads(path.read_text()) for path in paths if path.is_file()]
    if not results:
        return
    columns = ("seconds", *LOSSES, "gap", *METRICS)
    lines = [
        "| variant | " + " | ".join(columns) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for result in results:
        cells = [
            "-" if result[column] is None else f"{result[column]:.3g}"
            for column in columns
        ]
        lines.append(f"| {result['name']} | {' | '.join(cells)} |")
    (folder / "table.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    app.run(main)
