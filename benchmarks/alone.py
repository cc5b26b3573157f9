"""Compares a file of several styles with networks trained for one style alone.

    python benchmarks/alone.py --photos=data/coco/train2017 \
        --paintings=data/styles/great_wave.jpg,data/styles/the_scream.jpg \
        --strengths=1,0.85,0.7,0.55,0.4 \
        --resnet=data/loss_networks/resnet50_stages_1_3.npz

For each painting and strength a generator of the same size is trained, with the
default terms and the style weight that this strength had in the training of the file.
Both are judged on the last 16 photos, which none was trained on, at a longer side of
384 pixels. Adds a line to `table.md`, and draws `pictures.jpg`, a photo by each, those
alone above. What is done already is not done again; without its `judged.json` a style
is judged again.
"""

import json
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
_STRENGTHS = flags.DEFINE_list("strengths", ["1"], "of the file, with commas")
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
        path, strength = _CHILD.value
        run_trial(pathlib.Path(path), float(strength), folder)
        return
    split_photos(_PHOTOS.value, folder)
    paintings = [pathlib.Path(path) for path in _PAINTINGS.value]
    trials = [(path, float(s)) for path in paintings for s in _STRENGTHS.value]
    for path, strength in trials:
        if not (name_workdir(folder, path, strength) / "judged.json").is_file():
            # A process of its own: its memory ends with it.
            command = [sys.executable, __file__, f"--child={path},{strength}"]
            subprocess.run([*command, *sys.argv[1:]], check=False)
        write_table(folder, trials)
    draw_pictures(folder, trials)
    print(folder / "table.md", folder / "pictures.jpg")


def name_workdir(folder, painting, strength):
    return folder / f"{painting.stem}_{strength:g}"


def run_trial(path, strength, folder):
    """Trains a network for a painting and a weight, and judges it and the file."""
    from fast_style.config.train_config import TrainConfig
    from fast_style.evaluation.report import write_json
    from fast_style.io.images import load_image
    from fast_style.training.style_images import scale_painting

    workdir = name_workdir(folder, path, strength)
    painting = scale_painting(load_image(path), load_together())
    config = TrainConfig(
        style_image=str(path),
        style_image_size=max(painting.shape[:2]),
        style_weight=find_style_weight(path.stem, strength),
        train_images=str(folder / "photos" / "train"),
        init_from=_INIT_FROM.value,
        num_steps=_STEPS.value,
        sample_every_steps=_STEPS.value,
    )
    if not (workdir / "style.keras").is_file():
        train_and_time(config, workdir)
    where = (painting, folder / "photos" / "held_out")
    judges = {"squeezenet": "", "resnet50": _RESNET.value}
    options = {"name": path.stem, "strength": strength}
    judged = {
        "weight": config.style_weight,
        "alone": judge_style(workdir, *where, judges),
        "together": judge_style(_TOGETHER.value, *where, judges, **options),
        "photo": judge_style(None, *where, judges),
    }
    write_json(judged, workdir / "judged.json")


def load_together():
    """Returns the config of the training of the file."""
    from fast_style.evaluation.loss_setup import load_train_config

    return load_train_config(_TOGETHER.value)


def find_style_weight(name, strength):
    """Returns the style weight that a style had at a strength, in the file."""
    from fast_style.config.styles import read_style_factors
    from fast_style.inference.stylizer import load_style

    config = load_together()
    weight = config.style_weight * read_style_factors(config.style_factors).get(name, 1)
    if strength == 1:
        return weight
    least = load_style(_TOGETHER.value).strengths[0]
    if strength < least:
        raise ValueError(f"Below {least} the file blends with the photo: {strength}")
    weakest = config.min_style_weight / config.style_weight
    return weight * weakest ** ((1 - strength) / (1 - least))


def write_table(folder, trials):
    columns = [f"{kind}, {judge}" for kind in ("style", "content") for judge in JUDGES]
    header = ["painting", "strength", "style weight", "minutes alone", *columns]
    lines = [f"| {' | '.join(header)} |", "|---" * len(header) + "|"]
    for path, strength in trials:
        workdir = name_workdir(folder, path, strength)
        if not (workdir / "judged.json").is_file():
            continue
        judged = json.loads((workdir / "judged.json").read_text())
        seconds = read_seconds(workdir)
        cells = [path.stem, f"{strength:g}", f"{judged['weight']:.3f}"]
        cells.append(f"{seconds / 60:.1f}" if seconds else "-")
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
        found = {
            strength: name_workdir(folder, path, strength)
            for path, strength in trials
            if path == painting
        }
        found = {s: run for s, run in found.items() if (run / "style.keras").is_file()}
        rows.append([load_style(run)(photo) for run in found.values()])
        name = painting.stem
        rows.append([together(photo, name=name, strength=s) for s in found])
    save_image(make_contact_sheet(rows, height=256), folder / "pictures.jpg")


if __name__ == "__main__":
    app.run(main)
