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
import os
import pathlib
import subprocess
import sys
import time

from absl import app
from absl import flags

NUM_HELD_OUT = 16
# Overrides of the base, which is TrainConfig's defaults with `BASE`. A dict under
# "architecture" replaces fields of a generator's Architecture.
BASE = {
    "loss_network_weights": "pocket",
    "image_size": 128,
    "log_every_steps": 100,
}
VARIANTS = {
    "base": {},
    "padding symmetric": {"loss_network_padding": "symmetric"},
    "loss shift 7": {"loss_shift": 7},
    "four of them": {
        "loss_shift": 7,
        "loss_network_padding": "symmetric",
        "style_distance": "plain",
        "style_weight": 2.0,
        "architecture": {"has_skip": True},
    },
    "four and noise": {
        "loss_shift": 7,
        "loss_network_padding": "symmetric",
        "style_distance": "plain",
        "style_weight": 2.0,
        "architecture": {"has_skip": True, "noise_channels": 4},
    },
    "four and noise, style 5": {
        "loss_shift": 7,
        "loss_network_padding": "symmetric",
        "style_distance": "plain",
        "style_weight": 5.0,
        "architecture": {"has_skip": True, "noise_channels": 4},
    },
    "noise": {"architecture": {"noise_channels": 4}},
    "statistics gram": {"style_statistics": "gram"},
    "distance plain": {"style_distance": "plain"},
    "style weight 2": {"style_weight": 2.0},
    "style weight 10": {"style_weight": 10.0},
    "content levels 0": {"content_levels": (1.0,)},
    "content levels 0-2": {"content_levels": (1 / 3, 1 / 3, 1 / 3)},
    "content levels 1": {"content_levels": (0.0, 1.0)},
    "content levels 2": {"content_levels": (0.0, 0.0, 1.0)},
    "content relu1_2": {"content_layers": ("relu1_2",)},
    "style layers x_2": {"style_layers": ("relu1_2", "relu2_2")},
    "style layers x_1": {"style_layers": ("relu1_1", "relu2_1")},
    "style layers block 2 doubled": {
        "style_layer_weights": (1 / 6, 1 / 6, 1 / 3, 1 / 3)
    },
    "pyramid 2 levels": {"pyramid_levels": 2},
    "pyramid 3 levels": {"pyramid_levels": 3},
    "tv 0": {"tv_weight": 0.0},
    "tv 0.5": {"tv_weight": 0.5},
    "crops 96 batch 4": {"image_size": 96, "batch_size": 4},
    "crops 192 batch 1": {"image_size": 192, "batch_size": 1},
    "crops from 0.15": {"min_crop_scale": 0.15},
    "crops from 0.6": {"min_crop_scale": 0.6},
    "painting 384": {"style_image_size": 384},
    "painting 768": {"style_image_size": 768},
    "rate 3e-3": {"learning_rate": 3e-3},
    "rate 7e-4": {"learning_rate": 7e-4},
    "rate constant": {"learning_rate_schedule": "constant"},
    "EMA 0.99": {"ema_momentum": 0.99},
    "batch 4": {"batch_size": 4},
    "tiny": {"generator": "tiny"},
    "johnson": {"generator": "johnson"},
    "nearest": {"architecture": {"interpolation": "nearest"}},
    "end 9x9": {"architecture": {"end_kernel_size": 9}},
    "end 3x3": {"architecture": {"end_kernel_size": 3}},
    "no refinement": {"architecture": {"refine": ()}},
    "8 blocks": {"architecture": {"num_residual_blocks": 8}},
    "3 blocks": {"architecture": {"num_residual_blocks": 3}},
    "stem 9x9": {"architecture": {"down": ((32, 9, 2), (64, 3, 2))}},
    "photo joins at the end": {"architecture": {"has_skip": True}},
    "empty blocks": {"architecture": {"begins_empty": True}},
    "real VGG16": {"loss_network_weights": None},
    "bfloat16": {"precision": "mixed_bfloat16"},
}
# Of scikit-image, so that they may be published.
SAMPLES = ("coffee.png", "rocket.jpg")
FIGURES = (
    "ssim",
    "gradient_similarity",
    "patch_distance",
    "grid",
    "border",
    "ringing",
    "flat_texture",
    "shift_difference",
)

_PHOTOS = flags.DEFINE_string("photos", None, "folder of photos", required=True)
_STYLE = flags.DEFINE_string("style", None, "the painting", required=True)
_FOLDER = flags.DEFINE_string("folder", "runs/recipe", "where to write")
_WEIGHTS = flags.DEFINE_string(
    "weights", "imagenet", "VGG16's weights, of the judge and of `real VGG16`"
)
_STEPS = flags.DEFINE_integer("steps", 600, "steps of each variant")
_ONLY = flags.DEFINE_list("only", None, "names of variants, with commas")
_CHILD = flags.DEFINE_string("child", None, "used by the script itself")


def main(argv):
    del argv
    folder = pathlib.Path(_FOLDER.value)
    if _CHILD.value:
        run_variant(_CHILD.value, folder / to_folder_name(_CHILD.value))
        return
    split_photos(folder)
    for name in _ONLY.value or VARIANTS:
        if not (folder / to_folder_name(name) / "result.json").is_file():
            # A process of its own: its memory and its generators end with it.
            command = [sys.executable, __file__, f"--child={name}", *sys.argv[1:]]
            subprocess.run(command, check=False)
        write_table(folder)
        draw_pictures(folder)
    print(folder / "table.md", folder / "pictures.png")


def to_folder_name(name):
    return name.replace(" ", "_").replace(",", "").replace("/", "-")


def split_photos(folder):
    from fast_style.data import list_images

    paths = list_images(_PHOTOS.value)[0]
    for part, chosen in (
        ("train", paths[:-NUM_HELD_OUT]),
        ("held_out", paths[-NUM_HELD_OUT:]),
    ):
        target = folder / "photos" / part
        target.mkdir(parents=True, exist_ok=True)
        for path in chosen:
            link = target / pathlib.Path(path).name
            if not link.is_symlink():
                link.symlink_to(os.path.abspath(path))


def run_variant(name, workdir):
    from fast_style import config as config_module
    from fast_style import generator
    from fast_style.config import TrainConfig
    from fast_style.evaluation import evaluate
    from fast_style.training import train

    overrides = {**BASE, **VARIANTS[name]}
    if changes := overrides.pop("architecture", None):
        own = dataclasses.replace(generator.ARCHITECTURES["fast"], **changes)
        generator.ARCHITECTURES["variant"] = own
        config_module.GENERATORS += ("variant",)
        overrides["generator"] = "variant"
    if overrides["loss_network_weights"] is None:
        overrides["loss_network_weights"] = _WEIGHTS.value
    photos = workdir.parent / "photos"
    config = TrainConfig(
        style_image=_STYLE.value,
        train_images=os.fspath(photos / "train"),
        sample_images=os.fspath(photos / "held_out"),
        num_steps=_STEPS.value,
        sample_every_steps=_STEPS.value,
        **overrides,
    )
    start = time.perf_counter()
    train(config, workdir)
    seconds = time.perf_counter() - start
    judge = dataclasses.asdict(
        config_module.LossConfig(loss_network_weights=_WEIGHTS.value)
    )
    report = evaluate(
        workdir,
        photos / "held_out",
        workdir / "report",
        style_image_size=TrainConfig.style_image_size,
        num_lbfgs_photos=0,
        **judge,
    )
    result = {
        "name": name,
        "seconds": seconds,
        "gap": report["gap"],
        **{k: v["mean"] for k, v in report["losses"]["held_out"].items()},
        **{k: report["figures"][k]["mean"] for k in FIGURES},
    }
    stylize_samples(workdir)
    (workdir / "result.json").write_text(json.dumps(result))


def stylize_samples(workdir):
    from fast_style.images import load_sized
    from fast_style.images import save_image
    from fast_style.inference import load_style
    from fast_style.samples import find_sample_photos

    stylizer = load_style(workdir)
    for name in SAMPLES:
        photo = load_sized(find_sample_photos() / name, 384)
        save_image(stylizer(photo[:256]), workdir / f"{pathlib.Path(name).stem}.png")


def draw_pictures(folder):
    from fast_style.images import load_image
    from fast_style.reports import draw_pairs

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
    columns = ("seconds", "loss", "content", "style", "tv", "gap", *FIGURES)
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
