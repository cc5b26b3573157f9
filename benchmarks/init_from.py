"""Trains a painting from nothing and from another style, and compares the losses.

    python benchmarks/init_from.py --photos=data/coco/train2017 \
        --style=data/styles/the_scream.jpg --init_from=starry_night \
        --folder=runs/init_from

One training from nothing, and trainings of the whole number of steps, a half and a
quarter of it that begin with the other style; all with the defaults. Writes `table.md`
and `curves.png`. What is done already is not done again, so the command may be stopped
and started at any time.
"""

import pathlib

from absl import app
from absl import flags
import numpy as np

from fast_style.config.train_config import TrainConfig
from fast_style.io.history import read_history
from fast_style.training.run import train

_PHOTOS = flags.DEFINE_string("photos", None, "folder of photos", required=True)
_STYLE = flags.DEFINE_string("style", None, "the painting", required=True)
_INIT_FROM = flags.DEFINE_string("init_from", "starry_night", "the style to begin with")
_FOLDER = flags.DEFINE_string("folder", "runs/init_from", "where to write")
_STEPS = flags.DEFINE_integer("steps", TrainConfig.num_steps, "steps from nothing")
_LOG_EVERY = 25
_WINDOW = 150


def main(argv):
    del argv
    folder = pathlib.Path(_FOLDER.value)
    steps = _STEPS.value
    variants = {"nothing": [steps], _INIT_FROM.value: [steps // 4, steps // 2, steps]}
    rows = {}
    for init_from, counts in variants.items():
        for num_steps in counts:
            workdir = folder / f"{pathlib.Path(init_from).stem}-{num_steps}"
            run_variant(workdir, num_steps, "" if init_from == "nothing" else init_from)
            rows[init_from, num_steps] = read_history(workdir / "history.csv")
            write_table(rows, folder / "table.md")
            plot_curves(rows, folder / "curves.png")
    print(folder / "table.md", folder / "curves.png")


def run_variant(workdir, num_steps, init_from):
    config = TrainConfig(
        style_image=_STYLE.value,
        train_images=_PHOTOS.value,
        num_steps=num_steps,
        init_from=init_from,
        log_every_steps=_LOG_EVERY,
        sample_every_steps=num_steps,
    )
    train(config, workdir)


def average(rows, term):
    """Means of a term over `_WINDOW` steps, from the first whole window on.

    Returns:
        Steps at which the windows end, and the means.
    """
    count = _WINDOW // _LOG_EVERY
    values = np.array([row[term] for row in rows])
    means = np.convolve(values, np.full(count, 1 / count), mode="valid")
    return [row["step"] for row in rows[count - 1 :]], means


def write_table(rows, path):
    wanted = average(rows["nothing", _STEPS.value], "style")[1][-1]
    lines = [
        "| begins with | steps | content at the end | style at the end | style as low "
        f"as from nothing, {wanted:.3f}, after |",
        "|---|---|---|---|---|",
    ]
    for (init_from, num_steps), variant in rows.items():
        content = average(variant, "content")[1]
        steps, style = average(variant, "style")
        reached = [n for n, x in zip(steps, style, strict=True) if x <= wanted]
        after = f"{reached[0]} steps" if reached else "-"
        ends = f"{content[-1]:.3f} | {style[-1]:.3f}"
        lines.append(f"| {init_from} | {num_steps} | {ends} | {after} |")
    path.write_text("\n".join(lines) + "\n")


def plot_curves(rows, path):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    for (init_from, num_steps), variant in rows.items():
        label = f"from {pathlib.Path(init_from).stem}, {num_steps} steps"
        axes.plot(*average(variant, "style"), label=label)
    axes.set(
        xlabel="step", ylabel="weighted style loss, mean of 150 steps", yscale="log"
    )
    axes.legend()
    axes.grid(alpha=0.3, which="both")
    figure.savefig(path, dpi=100)


if __name__ == "__main__":
    app.run(main)
