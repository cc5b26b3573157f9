"""Trains the defaults on each painting, and measures what comes out.

    python benchmarks/paintings.py --photos=data/coco/train2017 \
        --paintings=data/styles --folder=runs/paintings \
        --weights=data/vgg16/vgg16_blocks_1_2.npz

All but the last 16 photos are trained on, those 16 are for the evaluation, whose loss
looks at the real VGG16. No painting is enlarged. Adds a line to `table.md` for each.
What is done already is not done again; a training that was stopped goes on from its
last checkpoint.

`minutes to 80 %` is the time after which the crops' style loss had four fifths of its
improvement behind it; it is known to 100 steps.
"""

import json
import pathlib
import subprocess
import sys

from absl import app
from absl import flags
from PIL import Image
from trials import read_seconds
from trials import split_photos
from trials import train_and_time

from fast_style.evaluation.losses import LOSSES
from fast_style.evaluation.metrics.registry import METRICS
from fast_style.io.history import read_history

_PHOTOS = flags.DEFINE_string("photos", None, "folder of photos", required=True)
_PAINTINGS = flags.DEFINE_string("paintings", None, "folder of them", required=True)
_FOLDER = flags.DEFINE_string("folder", "runs/paintings", "where to write")
_WEIGHTS = flags.DEFINE_string("weights", "imagenet", "VGG16's weights of the judge")
_ONLY = flags.DEFINE_list("only", None, "names of paintings, with commas")
_CHILD = flags.DEFINE_string("child", None, "used by the script itself")


def main(argv):
    del argv
    folder = pathlib.Path(_FOLDER.value)
    if _CHILD.value:
        run_painting(pathlib.Path(_CHILD.value), folder)
        return
    split_photos(_PHOTOS.value, folder)
    paintings = sorted(pathlib.Path(_PAINTINGS.value).iterdir())
    for path in paintings:
        if _ONLY.value and path.stem not in _ONLY.value:
            continue
        if not (folder / path.stem / "report" / "report.json").is_file():
            command = [sys.executable, __file__, f"--child={path}", *sys.argv[1:]]
            subprocess.run(command, check=False)
        write_table(folder, [path.stem for path in paintings])


def run_painting(path, folder):
    from fast_style.config.train_config import TrainConfig
    from fast_style.evaluation.evaluation import evaluate

    workdir = folder / path.stem
    with Image.open(path) as image:
        longer_side = max(image.size)
    config = TrainConfig(
        style_image=str(path),
        style_image_size=min(TrainConfig.style_image_size, longer_side),
        train_images=str(folder / "photos" / "train"),
        sample_images=str(folder / "photos" / "held_out"),
    )
    train_and_time(config, workdir)
    measure_untouched(config, workdir)
    evaluate(
        workdir,
        folder / "photos" / "held_out",
        workdir / "report",
        loss_network="vgg16",
        loss_network_weights=_WEIGHTS.value,
    )


def write_table(folder, names):
    columns = (
        "minutes",
        "minutes to 80 %",
        *LOSSES,
        "gap",
        "worth",
        "times faster",
        *METRICS,
    )
    lines = [
        "| painting | " + " | ".join(columns) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for name in names:
        path = folder / name / "report" / "report.json"
        if path.is_file():
            report = json.loads(path.read_text())
            values = [
                *find_minutes(folder / name),
                *(report["losses"]["held_out"][term]["mean"] for term in LOSSES),
                report["gap"],
                report["iterations_worth"]["mean"],
                report["seconds"]["times_faster"],
                *(report["metrics"][name]["mean"] for name in METRICS),
            ]
            cells = ["-" if value is None else f"{value:.3g}" for value in values]
            lines.append(f"| {name} | {' | '.join(cells)} |")
    (folder / "table.md").write_text("\n".join(lines) + "\n")


def measure_untouched(config, workdir):
    """Notes the style loss of crops as they are, by the loss that was trained on."""
    import numpy as np

    from fast_style.data.dataset import make_dataset
    from fast_style.data.photos import list_images
    from fast_style.io.images import load_resized
    from fast_style.losses.making import make_perceptual_loss

    painting = load_resized(config.style_image, config.style_image_size)
    loss = make_perceptual_loss(config, painting, seed=config.seed)
    crops = make_dataset(
        list_images(config.train_images)[0],
        image_size=config.image_size,
        batch_size=config.batch_size,
        seed=config.seed,
        min_crop_scale=config.min_crop_scale,
    )
    style = float(np.mean([loss(batch, batch)["style"] for batch in crops.take(100)]))
    (workdir / "untouched.json").write_text(json.dumps(style))


def find_minutes(workdir):
    """Returns the minutes of a training, and those to 80 % of its improvement."""
    seconds = read_seconds(workdir)
    if seconds is None:
        return None, None
    untouched = json.loads((workdir / "untouched.json").read_text())
    rows = read_history(workdir / "history.csv")
    last = rows[-1]
    enough = untouched - 0.8 * (untouched - last["style"])
    first = next((row for row in rows if row["style"] <= enough), last)
    return seconds / 60, seconds / 60 * first["step"] / last["step"]


if __name__ == "__main__":
    app.run(main)
