"""What a training writes into its workdir while it runs.

An epoch here is `log_every_steps` steps, not a pass over the photos.
"""

import csv
import os
import pathlib
import re

import keras
import numpy as np

from fast_style.files import replacing
from fast_style.images import make_contact_sheet
from fast_style.images import save_image

METRICS = ("step", "loss", "content", "style", "tv", "learning_rate")


class Checkpoints(keras.callbacks.Callback):
    """Keeps what is needed to go on: weights, optimizer, and the step.

    Each file is written under another name and renamed when it is whole.

    Args:
        folder: Where to.
        steps_per_epoch: Steps between two checkpoints.
        num_checkpoints: How many of the newest are kept.
    """

    def __init__(self, folder, *, steps_per_epoch: int, num_checkpoints: int):
        super().__init__()
        self.folder = pathlib.Path(folder)
        self.steps_per_epoch = steps_per_epoch
        self.num_checkpoints = num_checkpoints

    def on_epoch_end(self, epoch, logs=None):
        step = (epoch + 1) * self.steps_per_epoch
        if not np.isfinite(loss := (logs or {}).get("loss", 0.0)):
            raise RuntimeError(
                f"The loss is {loss} after step {step}: the training has come apart. "
                "The checkpoints before it are kept. Begin anew with a lower "
                "`learning_rate`, in a new workdir."
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self.folder / "unfinished.weights.h5"
        self.model.save_weights(temporary, overwrite=True)
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())  # Or a power cut leaves a new, empty file.
        os.replace(temporary, self.folder / f"step-{step:08d}.weights.h5")
        for path, _ in list_checkpoints(self.folder)[: -self.num_checkpoints]:
            path.unlink()


def list_checkpoints(folder) -> list[tuple[pathlib.Path, int]]:
    """Lists the whole checkpoints of a folder, oldest first.

    Returns:
        Pairs of path and number of steps done.
    """
    found = []
    for path in pathlib.Path(folder).glob("step-*.weights.h5"):
        if match := re.fullmatch(r"step-(\d+)\.weights\.h5", path.name):
            found.append((path, int(match[1])))
    return sorted(found, key=lambda pair: pair[1])


class MetricsLog(keras.callbacks.Callback):
    """Writes the mean losses since the last line into a CSV, and their curves.

    Args:
        workdir: Gets `metrics.csv` and `loss_curve.png`.
        steps_per_epoch: Steps between two lines.
        num_steps_done: Where the training goes on. Lines of later steps, which
            the interrupted run wrote after its last checkpoint, are dropped.
    """

    def __init__(self, workdir, *, steps_per_epoch: int, num_steps_done: int = 0):
        super().__init__()
        self.path = pathlib.Path(workdir) / "metrics.csv"
        self.curve_path = pathlib.Path(workdir) / "loss_curve.png"
        self.steps_per_epoch = steps_per_epoch
        self.rows = [
            row for row in read_metrics(self.path) if row["step"] <= num_steps_done
        ]

    def on_epoch_end(self, epoch, logs=None):
        row = {name: float((logs or {}).get(name, "nan")) for name in METRICS}
        row["step"] = (epoch + 1) * self.steps_per_epoch
        row["learning_rate"] = float(
            keras.ops.convert_to_numpy(self.model.optimizer.learning_rate)
        )
        self.rows.append(row)
        write_metrics(self.rows, self.path, METRICS)
        plot_losses(self.rows, self.curve_path)


def write_metrics(rows, path, columns) -> None:
    """Writes rows, dicts from column to number, into a CSV."""
    with replacing(path) as temporary, open(temporary, "w", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def read_metrics(path) -> list[dict[str, float]]:
    """Reads a `metrics.csv`; an absent file has no rows."""
    if not pathlib.Path(path).is_file():
        return []
    with open(path, newline="") as file:
        return [
            {k: int(v) if k == "step" else float(v) for k, v in row.items()}
            for row in csv.DictReader(file)
        ]


def plot_losses(rows, path) -> None:
    """Draws each loss term over the steps, on a logarithmic axis, into a PNG."""
    # Slow to import, and someone who only stylizes never needs it. The figure is
    # made without pyplot, which would keep it alive and want a screen.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    steps = [row["step"] for row in rows]
    for name in ("loss", "content", "style", "tv"):
        values = np.array([row[name] for row in rows])
        if (values > 0).any():
            axes.plot(steps, values, marker=".", label=name)
    axes.set(xlabel="step", ylabel="weighted loss", yscale="log")
    if axes.lines:
        axes.legend()
    axes.grid(alpha=0.3)
    with replacing(path) as temporary:
        figure.savefig(temporary, format="png", dpi=100)


class SampleSheets(keras.callbacks.Callback):
    """Stylizes the same photos again and again: photo left, stylized right.

    Args:
        folder: Gets `step-00000500.png` and so on.
        photos: List of RGB pictures `(H, W, 3)` in [0, 255].
        steps_per_epoch: Steps in an epoch.
        every_steps: Steps between two sheets; the last step has one too.
    """

    def __init__(self, folder, photos, *, steps_per_epoch: int, every_steps: int):
        super().__init__()
        self.folder = pathlib.Path(folder)
        self.photos = photos
        self.steps_per_epoch = steps_per_epoch
        self.every_steps = every_steps

    def on_epoch_end(self, epoch, logs=None):
        step = (epoch + 1) * self.steps_per_epoch
        is_last = epoch + 1 == (self.params or {}).get("epochs")
        if step % self.every_steps and not is_last:
            return
        rows = []
        for photo in self.photos:
            stylized = self.model.generator(photo[None], training=False)
            rows.append([photo, keras.ops.convert_to_numpy(stylized)[0]])
        height = max(photo.shape[0] for photo in self.photos)
        sheet = make_contact_sheet(rows, height=height)
        save_image(sheet, self.folder / f"step-{step:08d}.png")
