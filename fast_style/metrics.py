"""The losses of a training as a table and as curves."""

import csv
import pathlib

import keras
import numpy as np

from fast_style.files import replacing
from fast_style.trainer import TERMS

METRICS = ("step", "loss", *TERMS, "learning_rate", "gradient_norm")


def read_step(trainer, step: int, num_steps: int) -> dict[str, float]:
    """Reads what is logged of a step.

    Args:
        trainer: A `StyleTrainer`.
        step: Number of steps done.
        num_steps: Losses are means over so many.

    Returns:
        Dict with the keys `METRICS`.
    """
    recent = keras.ops.convert_to_numpy(trainer.recent_terms)[-num_steps:]
    terms = dict(zip(TERMS, recent.mean(axis=0, dtype="float64").tolist(), strict=True))
    optimizer = trainer.optimizer
    return {
        "step": step,
        "loss": sum(terms.values()),
        **terms,
        "learning_rate": float(keras.ops.convert_to_numpy(optimizer.learning_rate)),
        "gradient_norm": float(keras.ops.convert_to_numpy(optimizer.gradient_norm)),
    }


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
