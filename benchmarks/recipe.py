"""Varies the training recipe one thing at a time, and has deep networks judge it.

    python benchmarks/recipe.py --photos=data/coco/train2017 \
        --style=data/styles/great_wave.jpg --folder=runs/recipe \
        --squeezenet=squeezenet.npz --resnet50=resnet50.npz --vgg19=vgg19.npz

Each variant is trained for some minutes on all but the last 16 photos and judged on
those, at a longer side of 384 pixels, by networks that it was not trained on; VGG19 is
a near relative of the teacher, so trust the other two. Adds a line to `table.md`, a
point to `front.png` (content against style) and a row of pictures to `pictures.png`.
What is done already is not done again, so the command may be stopped and started at
any time.
"""

import json
import pathlib
import subprocess
import sys

from absl import app
from absl import flags
from trials import measure_judges
from trials import read_seconds
from trials import split_photos
from trials import train_and_time
from variants import find_overrides
from variants import VARIANTS

# Of scikit-image, so that they may be published.
SAMPLES = ("astronaut.png", "coffee.png", "chelsea.png", "rocket.jpg")
JUDGES = ("vgg19", "squeezenet", "resnet50")

_PHOTOS = flags.DEFINE_string("photos", None, "folder of photos", required=True)
_STYLE = flags.DEFINE_string("style", None, "the painting", required=True)
_FOLDER = flags.DEFINE_string("folder", "runs/recipe", "where to write")
_WEIGHTS = {
    name: flags.DEFINE_string(name, None, f"file with the weights of {name}")
    for name in JUDGES
}
_STEPS = flags.DEFINE_integer("steps", 900, "steps of each variant")
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
        results = read_results(folder)
        write_table(results, folder / "table.md")
        draw_front(results, folder / "front.png")
        draw_pictures(folder)
    print(folder / "table.md", folder / "front.png", folder / "pictures.png")


def to_folder_name(name):
    return name.replace(" ", "_")


def run_variant(name, workdir):
    import dataclasses

    overrides = find_overrides(name, steps=_STEPS.value)
    # Only now: the config's module notes the architectures that there are.
    from fast_style.config.term_overrides import merge_terms
    from fast_style.config.train_config import TrainConfig
    from fast_style.io.images import load_resized

    photos = workdir.parent / "photos"
    config = TrainConfig(
        style_image=_STYLE.value,
        train_images=str(photos / "train"),
        sample_images=str(photos / "held_out"),
        sample_every_steps=overrides["num_steps"],
    )
    config = dataclasses.replace(config, **merge_terms(overrides, config.terms))
    train_and_time(config, workdir)
    painting = load_resized(config.style_image, TrainConfig.style_image_size)
    judges = {judge: flag.value for judge, flag in _WEIGHTS.items() if flag.value}
    result = {
        "name": name,
        "seconds": read_seconds(workdir),
        "judges": measure_judges(
            workdir, painting, photos / "held_out", judges, config.networks
        ),
    }
    stylize_samples(workdir)
    (workdir / "result.json").write_text(json.dumps(result))


def stylize_samples(workdir):
    from fast_style.inference.stylizer import load_style
    from fast_style.io.images import load_resized
    from fast_style.io.saving import save_image
    from fast_style.samples import find_sample_photos

    stylizer = load_style(workdir)
    for name in SAMPLES:
        photo = load_resized(find_sample_photos() / name, 384)
        save_image(stylizer(photo[:256]), workdir / f"{pathlib.Path(name).stem}.png")


def read_results(folder):
    paths = [folder / to_folder_name(name) / "result.json" for name in VARIANTS]
    return [json.loads(path.read_text()) for path in paths if path.is_file()]


def draw_pictures(folder):
    import numpy as np

    from fast_style.evaluation.plots import draw_pairs
    from fast_style.io.images import load_image

    rows = []
    for variant in VARIANTS:
        workdir = folder / to_folder_name(variant)
        if (workdir / "result.json").is_file():
            names = [pathlib.Path(name).stem for name in SAMPLES]
            pictures = [load_image(workdir / f"{name}.png") for name in names]
            height = min(picture.shape[0] for picture in pictures)
            pictures = [picture[:height] for picture in pictures]
            halves = [np.concatenate(pictures[i : i + 2], axis=1) for i in (0, 2)]
            rows.append((variant, *halves))
    if rows:
        draw_pairs(rows, folder / "pictures.png")


def write_table(results, path):
    judges = list_judges(results)
    kinds = ("style_share", "content")
    titles = [f"{k.removesuffix('_share')} by {j}" for k in kinds for j in judges]
    lines = [
        "| variant | minutes | " + " | ".join(titles) + " |",
        "|---" * (len(titles) + 2) + "|",
    ]
    for result in results:
        minutes = f"{result['seconds'] / 60:.1f}" if result["seconds"] else "-"
        figures = [result["judges"][j][k] for k in kinds for j in judges]
        cells = [minutes, *(f"{figure:.3f}" for figure in figures)]
        lines.append(f"| {result['name']} | {' | '.join(cells)} |")
    path.write_text("\n".join(lines) + "\n")


def list_judges(results):
    return [j for j in JUDGES if all(j in result["judges"] for result in results)]


def draw_front(results, path):
    from matplotlib.figure import Figure

    judges = list_judges(results)
    figure = Figure(figsize=(6.5 * len(judges), 6), layout="constrained")
    grid = figure.subplots(ncols=len(judges), squeeze=False)[0]
    for axes, name in zip(grid, judges, strict=True):
        found = [result["judges"][name] for result in results]
        x, y = ([f[kind] for f in found] for kind in ("content", "style_share"))
        axes.scatter(x, y, s=12)
        front = find_front(list(zip(x, y, strict=True)))
        axes.plot(*zip(*front, strict=True), color="0.7", zorder=0)
        for result, *place in zip(results, x, y, strict=True):
            axes.annotate(result["name"], place, fontsize=6)
        axes.set(xlabel="content", ylabel="style", title=f"judged by {name}")
    figure.savefig(path, dpi=110)


def find_front(points):
    """Returns the points that no other is better than in both, sorted."""
    best, front = float("inf"), []
    for x, y in sorted(points):
        if y < best:
            front.append((x, y))
            best = y
    return front


if __name__ == "__main__":
    app.run(main)
