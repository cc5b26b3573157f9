"""An evaluation as people read it: a table, plots, and the worst pictures."""

import pathlib

import numpy as np

from fast_style.files import replacing
from fast_style.images import to_uint8

TERMS = ("loss", "content", "style", "tv")
# Name, which end is the worse one, what it says in a few words.
FIGURES = (
    ("ssim", "low", "structure kept of the photo, 1 is all"),
    ("gradient_similarity", "low", "outlines kept of the photo, 1 is all"),
    ("patch_distance", "high", "7x7 patches, distance from the painting's"),
    ("grid", "high", "upsampling frequencies against their neighbours"),
    ("border", "high", "step of colour at the border against those inside"),
    ("clipping", "high", "share of saturated pixels"),
    ("ringing", "high", "texture beside edges against far from them"),
    ("flat_texture", "low", "texture where the photo is plain, 1 as the painting"),
    ("shift_difference", "high", "change when the photo moves 1-8 px, grey levels"),
)


def write_markdown(report, path) -> None:
    """Writes the tables of a report.

    Args:
        report: What `evaluate` returns.
        path: A `.md` file.
    """
    size = report["image_size"]
    plots = "`losses.png`"
    if report["iterations_worth"]:
        plots += ", `iterations.png`"
    lines = [
        f"# {name_style(report['style'])}",
        "",
        f"{report['num_photos']} held-out photos, the middle square of each at "
        f"{size}x{size} pixels; mean ± deviation over the photos.",
        "",
        *_tabulate_losses(report),
        "",
        *_describe_iterations(report),
        "",
        *_tabulate_figures(report),
        "",
        f"Plots: {plots}; `worst.png` shows the photo that is worst by each figure. "
        "Numbers of each photo: `report.json`. Formulas: docs/evaluation.md.",
    ]
    with replacing(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")


def name_style(style: str) -> str:
    """Names a style without the folders it lies in: `runs/a` and `a.keras` are `a`."""
    path = pathlib.Path(style).absolute()
    if path.name == "style.keras":
        return path.parent.name
    return path.stem if path.suffix == ".keras" else path.name


def _tabulate_losses(report):
    rows = ["| | loss | content | style | tv |", "|---|---|---|---|---|"]
    for name, label in (
        ("held_out", "stylized, held out"),
        ("training", "stylized, trained on"),
        ("untouched", "photo as it is"),
    ):
        if losses := report["losses"][name]:
            cells = " | ".join(_show(losses[term], 3) for term in TERMS)
            rows.append(f"| {label} | {cells} |")
    if report["gap"] is None:
        return [*rows, "", "The photos it was trained on were not at hand."]
    return [
        *rows,
        "",
        f"The median loss on held-out photos is {report['gap']:+.1%} against that on "
        "photos trained on.",
    ]


def _describe_iterations(report):
    worth = report["iterations_worth"]
    if worth is None:
        return ["No iterations were counted."]
    bound = "at least " if worth["num_not_reached"] else ""
    counts = ", ".join(str(count) for count in worth["photos"])
    seconds = report["seconds"]
    sentences = [
        f"**Worth {bound}{worth['mean']:.3g} iterations** of L-BFGS from the photo "
        f"(mean of {counts}; {worth['num_steps']} were run).",
        f"One pass took {seconds['feed_forward'] * 1e3:.0f} ms, L-BFGS "
        f"{seconds['lbfgs_to_same_loss']:.1f} s to the same loss, "
        f"{seconds['times_faster']:,.0f} times as long.",
    ]
    if worth["num_not_reached"]:
        sentences.append(
            f"On {worth['num_not_reached']} photos L-BFGS did not get there; they "
            "count as all the iterations that it ran."
        )
    return [" ".join(sentences)]


def _tabulate_figures(report):
    rows = [
        "| figure | stylized | photo as it is | painting | worst | |",
        "|---|---|---|---|---|---|",
    ]
    for name, _, meaning in FIGURES:
        figure = report["figures"][name]
        cells = [
            f"{_show(figure)} ({figure['num_photos']})"
            if figure["num_photos"]
            else "-",
            _show(report["figures_untouched"][name]),
            _show({"mean": report["figures_painting"].get(name)}),
            figure["worst_photo"] or "-",
        ]
        rows.append(f"| {name} | {' | '.join(cells)} | {meaning} |")
    return [*rows, "", "In brackets: on how many photos the figure is defined."]


def _show(statistics, digits=2):
    mean, deviation = statistics["mean"], statistics.get("deviation")
    if mean is None:
        return "-"
    text = f"{mean:.{digits}f}"
    return text if deviation is None else f"{text} ± {deviation:.{digits}f}"


def _make_figure(width, height, **options):
    # Slow to import. Made without pyplot, which would keep it and want a screen.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(**options)


def _save_figure(figure, path):
    with replacing(path) as temporary:
        figure.savefig(temporary, format="png", dpi=100)


def plot_loss_bars(report, path) -> None:
    """Draws the loss terms of held-out, training and untouched photos."""
    figure, axes = _make_figure(8, 4)
    kinds = ("held_out", "training", "untouched")
    kinds = [kind for kind in kinds if report["losses"][kind]]
    for place, kind in enumerate(kinds):
        means = [report["losses"][kind][term]["mean"] for term in TERMS]
        spread = [report["losses"][kind][term]["deviation"] for term in TERMS]
        x = np.arange(len(TERMS)) + place * 0.8 / len(kinds)
        label = kind.replace("_", " ")
        axes.bar(x, means, 0.75 / len(kinds), yerr=spread, label=label, capsize=3)
    axes.set_xticks(np.arange(len(TERMS)) + 0.4 - 0.4 / len(kinds), TERMS)
    axes.set(ylabel="weighted loss", yscale="log", title=name_style(report["style"]))
    axes.legend()
    axes.grid(alpha=0.3, axis="y")
    _save_figure(figure, path)


def plot_iterations(curves, feed_forward, path, *, title: str) -> None:
    """Draws L-BFGS against the feed-forward pass, as figure 5 of Johnson et al.

    Args:
        curves: For each photo the losses of L-BFGS, from iteration 0.
        feed_forward: For each photo the loss of the feed-forward pass.
        path: A `.png` file.
        title: What stands above.
    """
    figure, axes = _make_figure(8, 5)
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
    _save_figure(figure, path)


def draw_pairs(rows, path) -> None:
    """Draws pairs of pictures with a caption each.

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
    figure, axes = _make_figure(
        14, height, nrows=num_rows, ncols=num_columns, squeeze=False
    )
    for axis in axes.flat:
        axis.axis("off")
    for axis, (caption, left, right) in zip(axes.flat, rows, strict=False):
        gap = np.full((left.shape[0], 4, 3), 255.0)
        axis.imshow(to_uint8(np.concatenate([left, gap, right], axis=1)))
        axis.set_title(caption, fontsize=10)
    _save_figure(figure, path)
