"""Plots of an evaluation, and pairs of images."""

import numpy as np

from fast_style.io.arrays import to_uint8
from fast_style.io.plots import make_figure
from fast_style.io.plots import save_figure
from fast_style.models.catalog import name_style


def plot_loss_bars(report, path) -> None:
    """Draws the loss terms of held-out, training and untouched photos.

    Args:
        report: What `evaluate` returns.
        path: A `.png` file.
    """
    names = tuple(report["losses"]["held_out"])
    figure, axes = make_figure(8, 4)
    kinds = ("held_out", "training", "untouched")
    kinds = [kind for kind in kinds if report["losses"][kind]]
    for place, kind in enumerate(kinds):
        means = [report["losses"][kind][term]["mean"] for term in names]
        spread = [report["losses"][kind][term]["deviation"] for term in names]
        x = np.arange(len(names)) + place * 0.8 / len(kinds)
        label = kind.replace("_", " ")
        axes.bar(x, means, 0.75 / len(kinds), yerr=spread, label=label, capsize=3)
    axes.set_xticks(np.arange(len(names)) + 0.4 - 0.4 / len(kinds), names)
    axes.set(ylabel="weighted loss", yscale="log", title=name_style(report["style"]))
    axes.legend()
    axes.grid(alpha=0.3, axis="y")
    save_figure(figure, path)


def plot_iterations(report, path) -> None:
    """Draws L-BFGS against the feed-forward pass, as figure 5 of Johnson et al.

    Args:
        report: What `evaluate` returns, with `iterations_worth`.
        path: A `.png` file.
    """
    curves = report["iterations_worth"]["curves"]
    photos = report["photos"][: len(curves)]
    feed_forward = [photo["losses"]["loss"] for photo in photos]
    size = report["image_size"]
    title = f"{name_style(report['style'])}, {size}x{size}"
    figure, axes = make_figure(8, 5)
    for number, (curve, loss) in enumerate(zip(curves, feed_forward, strict=True)):
        colour = f"C{number}"
        axes.plot(curve, color=colour, alpha=0.7, linewidth=1)
        axes.axhline(loss, color=colour, alpha=0.7, linewidth=1, linestyle=":")
    length = max(len(curve) for curve in curves)
    padded = [np.pad(curve, (0, length - len(curve)), mode="edge") for curve in curves]
    axes.plot(np.mean(padded, axis=0), color="black", label="L-BFGS, mean")
    axes.axhline(
        np.mean(feed_forward),
        color="black",
        linestyle="--",
        label="feed-forward, mean",
    )
    axes.set(xlabel="iteration", ylabel="loss", yscale="log", title=title)
    low, high = axes.get_ylim()
    if high < 20 * low:  # Where powers of ten alone would tell little.
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter("{x:g}")
    axes.legend()
    axes.grid(alpha=0.3, which="both")
    save_figure(figure, path)


def draw_pairs(rows, path) -> None:
    """Draws pairs of images with a caption each.

    Args:
        rows: List of `(caption, left, right)`, the two of equal height, RGB in
            [0, 255].
        path: A `.png` file.
    """
    num_columns = 2
    num_rows = -(-len(rows) // num_columns)
    tallest = max(
        left.shape[0] / (left.shape[1] + right.shape[1]) for _, left, right in rows
    )
    # 7 inches for a pair, and room for its caption.
    height = (7 * tallest + 0.3) * num_rows
    figure, axes = make_figure(
        14, height, nrows=num_rows, ncols=num_columns, squeeze=False
    )
    for axis in axes.flat:
        axis.axis("off")
    for axis, (caption, left, right) in zip(axes.flat, rows, strict=False):
        gap = np.full((left.shape[0], 4, 3), 255.0)
        axis.imshow(to_uint8(np.concatenate([left, gap, right], axis=1)))
        axis.set_title(caption, fontsize=10)
    save_figure(figure, path)
