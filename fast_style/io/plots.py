"""Plots, written as PNG files. They need matplotlib, which is an extra."""

import os

import numpy as np

from fast_style.io.files import replacing


def make_figure(width: float, height: float, **options):
    """Makes an empty figure, which `save_figure` writes.

    Args:
        width: In inches, of 100 pixels each.
        height: Alike.
        **options: Of matplotlib's `Figure.subplots`, such as `nrows`.

    Returns:
        The figure, and its axes as `Figure.subplots` returns them.

    Raises:
        ImportError: If matplotlib is not installed.
    """
    # Slow to import. Made without pyplot, which would keep it and want a screen.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(**options)


def save_figure(figure, path: str | os.PathLike) -> None:
    """Writes a figure into a PNG file, whole or not at all.

    Args:
        figure: As `make_figure` returned it.
        path: Of the file; its folder must exist.

    Raises:
        ValueError: If `path` is empty.
    """
    with replacing(path) as temporary:
        figure.savefig(temporary, format="png", dpi=100)


def plot_losses(rows, path: str | os.PathLike, names) -> None:
    """Draws losses over the steps, on a logarithmic axis, into a PNG file.

    Args:
        rows: Dicts from column to number, with a `step`, as `read_history` returns.
        path: Of the file; its folder must exist.
        names: Columns to draw, a line each. One that is never above 0 is left out.

    Raises:
        ImportError: If matplotlib is not installed.
        ValueError: If `path` is empty.
    """
    figure, axes = make_figure(8, 5)
    steps = [row["step"] for row in rows]
    for name in names:
        values = np.array([row[name] for row in rows])
        if (values > 0).any():
            axes.plot(steps, values, marker=".", label=name)
    axes.set(xlabel="step", ylabel="weighted loss", yscale="log")
    if axes.lines:
        axes.legend()
    axes.grid(alpha=0.3)
    save_figure(figure, path)
