"""Plots, written as PNG files."""

import numpy as np

from fast_style.io.files import replacing


def make_figure(width, height, **options):
    # Slow to import. Made without pyplot, which would keep it and want a screen.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(**options)


def save_figure(figure, path):
    with replacing(path) as temporary:
        figure.savefig(temporary, format="png", dpi=100)


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
