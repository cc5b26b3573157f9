"""Compares a file of several styles with networks trained for one style alone.

    python benchmarks/alone.py --photos=data/coco/train2017 \
        --paintings=data/styles/great_wave.jpg,data/styles/the_scream.jpg \
        --weights=1,0.75,0.56,0.42,0.316 \
        --resnet=data/loss_networks/resnet50_stages_1_3.npz

For each painting and each style weight a generator of the same size is trained, with
the terms of `make_deep_terms` and nothing else, from the style with which the file's
own training began. The file is used at the strength that this style weight has in it.
Both are judged on the last 16 photos, which none was trained on, at a longer side of
384 pixels. Adds a line to `table.md`, and to `pictures.jpg` a photo by each, the
network alone above. What is done already is not done again.
"""

import json
import math
import pathlib
import subprocess
import sys

from absl import app
from absl import flags
from trials import judge_style
from trials import read_seconds
from trials import split_photos
from trials import train_and_time

PHOTO = "coffee.png"  # Of scikit-image, so that it may be published.
JUDGES = ("resnet50", "squeezenet")

_PHOTOS = flags.DEFINE_string("photos", None, "folder of photos", required=True)
_PAINTINGS = flags.DEFINE_list("paintings", None, "files", required=True)
_WEIGHTS = flags.DEFINE_list("weights", ["1"], "style weights, with commas")
_TOGETHER = flags.DEFINE_string("together", "paintings16", "the file of several styles")
_INIT_FROM = flags.DEFINE_string(
    "init_from", "starry_night", "what those alone are from"
)
_STEPS = flags.DEFINE_integer("steps", 1_200, "steps of each alone")
_FOLDER = flags.DEFINE_string("folder", "runs/alone", "where to write")
_RESNET = flags.DEFINE_string("resnet", "imagenet", "weights of ResNet-50")
_CHILD = flags.DEFINE_list("child", None, "used by the script itself")


def main(argv):
    del argv
    folder = pathlib.Path(_FOLDER.value)
    if _CHILD.value:
        path, weight = _CHILD.value
        run_trial(pathlib.Path(path), float(weight), folder)
        return
    split_photos(_PHOTOS.value, folder)
    paintings = [pathlib.Path(path) for path in _PAINTINGS.value]
    trials = [(path, float(w)) for path in paintings for w in _WEIGHTS.value]
    for path, weight in trials:
        if not (name_workdir(folder, path, weight) / "judged.json").is_file():
            # A process of its own: its memory ends with it.
            command = [sys.executable, __file__, f"--child={path},{weight}"]
            subprocess.run([*command, *sys.argv[1:]], check=False)
        write_table(folder, trials)
    draw_pictures(folder, trials)
    print(folder / "table.md", folder / "pictures.jpg")


def name_workdir(folder, painting, weight):
    return folder / f"{painting.stem}_{weight:g}"


def run_trial(path, weight, folder):
    """Trains a network for a painting and a weight, and judges it and the file."""
    from fast_style.config.loss_config import make_deep_terms
    from fast_style.config.train_config import TrainConfig
    from fast_style.io.images import load_resized

    workdir = name_workdir(folder, path, weight)
    config = TrainConfig(
        style_image=str(path),
        style_weight=weight,
        train_images=str(folder / "photos" / "train"),
        init_from=_INIT_FROM.value,
        terms=make_deep_terms(_RESNET.value),
        num_steps=_STEPS.value,
        sample_every_steps=_STEPS.value,
    )
    if not (workdir / "style.keras").is_file():
        train_and_time(config, workdir)
    painting = load_resized(path, config.style_image_size)
    where = (painting, folder / "photos" / "held_out")
    judges = {"squeezenet": "", "resnet50": _RESNET.value}
    together = find_options(path, weight)
    judged = {
        "alone": judge_style(workdir, *where, judges),
        "together": judge_style(_TOGETHER.value, *where, judges, **together),
        "photo": judge_style(None, *where, judges),
    }
    (workdir / "judged.json").write_text(json.dumps(judged))


def find_options(path, weight):
    """Returns `name` and `strength` with which the file has a painting and a weight."""
    from fast_style.evaluation.loss_setup import load_train_config
    from fast_style.inference.stylizer import load_style

    weakest = load_train_config(_TOGETHER.value).min_style_weight
    least = load_style(_TOGETHER.value).strengths[0]
    missing = math.log(weight) / math.log(weakest) if weight < 1 else 0.0
    return {"name": path.stem, "strength": 1 - (1 - least) * missing}


def write_table(folder, trials):
    columns = [f"{kind}, {judge}" for kind in ("style", "content") for judge in JUDGES]
    lines = [
        "| painting | style weight | minutes alone | " + " | ".join(columns) + " |",
        "|---" * (3 + len(columns)) + "|",
    ]
    for path, weight in trials:
        workdir = name_workdir(folder, path, weight)
        if not (workdir / "judged.json").is_file():
            continue
        judged = json.loads((workdir / "judged.json").read_text())
        seconds = read_seconds(workdir)
        cells = [path.stem, f"{weight:g}", f"{seconds / 60:.1f}" if seconds else "-"]
        for column in columns:
            key = column.replace(", ", "_")
            alone, together = judged["alone"][key], judged["together"][key]
            more = f"{100 * (together / alone - 1):+.0f} %"
            cells.append(f"{together:.3f} / {alone:.3f} ({more})")
        lines.append(f"| {' | '.join(cells)} |")
    (folder / "table.md").write_text("\n".join(lines) + "\n")


def draw_pictures(folder, trials):
    from fast_style.inference.stylizer import load_style
    from fast_style.io.arrays import to_uint8
    from fast_style.io.contact_sheets import make_contact_sheet
    from fast_style.io.images import load_resized
    from fast_style.io.saving import save_image
    from fast_style.samples import find_sample_photos

    photo = to_uint8(load_resized(find_sample_photos() / PHOTO, 384))
    together = load_style(_TOGETHER.value)
    rows = []
    for painting in dict.fromkeys(path for path, _ in trials):
        found = [
            (name_workdir(folder, path, weight), find_options(path, weight))
            for path, weight in trials
            if path == painting
        ]
        found = [pair for pair in found if (pair[0] / "style.keras").is_file()]
        rows.append([load_style(workdir)(photo) for workdir, _ in found])
        rows.append([together(photo, **options) for _, options in found])
    save_image(make_contact_sheet(rows, height=256), folder / "pictures.jpg")


if __name__ == "__main__":
    app.run(main)
