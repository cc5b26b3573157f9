"""Trains the bundled styles' recipe on each painting, and measures what comes out.

    python benchmarks/paintings.py --photos=data/coco/train2017 \
        --source="COCO 2017" --paintings=data/styles --folder=runs/paintings \
        --squeezenet=squeezenet.npz --resnet50=resnet50.npz --vgg19=vgg19.npz

All but the last 16 photos are trained on; on those 16 deep networks judge, at a longer
side of 384 pixels, and the metrics of `evaluate` are taken, at 256x256. No painting is
enlarged. The terms are the defaults.
Adds a line to `table.md` for each, and its numbers to `figures.json`. What is done
already is not done again; a training that was stopped goes on from its last checkpoint.
"""

import json
import pathlib
import subprocess
import sys

from absl import app
from absl import flags
from PIL import Image
from trials import describe_training
from trials import measure_judges
from trials import read_seconds
from trials import split_photos
from trials import train_and_time

from fast_style.evaluation.metrics.registry import METRICS

JUDGES = ("vgg19", "squeezenet", "resnet50")

_PHOTOS = flags.DEFINE_string("photos", None, "folder of photos", required=True)
_PAINTINGS = flags.DEFINE_string("paintings", None, "folder of them", required=True)
_FOLDER = flags.DEFINE_string("folder", "runs/paintings", "where to write")
_SOURCE = flags.DEFINE_string("source", "", "where the photos are from")
_WEIGHTS = {
    name: flags.DEFINE_string(name, None, f"file with the weights of {name}")
    for name in JUDGES
}
_STEPS = flags.DEFINE_integer("steps", None, "steps; as many as the default if None")
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
        write_results(folder, [path.stem for path in paintings])


def run_painting(path, folder):
    from fast_style.config.train_config import TrainConfig
    from fast_style.evaluation.evaluation import evaluate
    from fast_style.io.images import load_resized

    workdir = folder / path.stem
    with Image.open(path) as image:
        longer_side = max(image.size)
    config = TrainConfig(
        style_image=str(path),
        style_image_size=min(TrainConfig.style_image_size, longer_side),
        train_images=str(folder / "photos" / "train"),
        sample_images=str(folder / "photos" / "held_out"),
        num_steps=_STEPS.value or TrainConfig.num_steps,
    )
    if not (workdir / "style.keras").is_file():
        train_and_time(config, workdir)
    painting = load_resized(config.style_image, config.style_image_size)
    held_out = folder / "photos" / "held_out"
    judges = {name: flag.value for name, flag in _WEIGHTS.items() if flag.value}
    judged = measure_judges(workdir, painting, held_out, judges, config.networks)
    (workdir / "judged.json").write_text(json.dumps(judged))
    # L-BFGS takes a minute for each photo.
    evaluate(workdir, held_out, workdir / "report", num_lbfgs_photos=2)


def collect_figures(folder, name):
    """Returns what was measured of a painting, or None if not all of it was."""
    path = folder / name / "report" / "report.json"
    if not path.is_file():
        return None
    from fast_style.config.serialization import from_json

    report = json.loads(path.read_text())
    config = from_json((folder / name / "config.json").read_text())
    num_photos = len(list((folder / "photos" / "train").iterdir()))
    photos = f"{num_photos} photos" + (f" of {_SOURCE.value}" if _SOURCE.value else "")
    seconds = read_seconds(folder / name)
    return {
        "training": describe_training(config, seconds and seconds / 60, photos),
        "judges": json.loads((folder / name / "judged.json").read_text()),
        "gap": report["gap"],
        "worth": report["iterations_worth"]["mean"],
        "times_faster": report["seconds"]["times_faster"],
        "metrics": {m: report["metrics"][m]["mean"] for m in METRICS},
        "photo_metrics": {m: report["metrics_untouched"][m]["mean"] for m in METRICS},
    }


def write_results(folder, names):
    found = {name: collect_figures(folder, name) for name in names}
    found = {name: figures for name, figures in found.items() if figures}
    (folder / "figures.json").write_text(json.dumps(found, indent=1) + "\n")
    plain = ("gap", "worth", "times_faster")
    kinds = [f"{kind}, {j}" for j in JUDGES for kind in ("style_share", "content")]
    columns = ("minutes", *plain, *kinds, *METRICS)
    lines = [
        "| painting | " + " | ".join(columns) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for name, figures in found.items():
        values = [figures["training"]["minutes"], *(figures[key] for key in plain)]
        for judge in JUDGES:
            judged = figures["judges"].get(judge, {})
            values += [judged.get(kind) for kind in ("style_share", "content")]
        values += [figures["metrics"][metric] for metric in METRICS]
        cells = ["-" if value is None else f"{value:.3g}" for value in values]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    (folder / "table.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    app.run(main)
