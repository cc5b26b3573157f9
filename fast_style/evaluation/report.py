"""An evaluation as people read it: tables."""

from fast_style.io.files import replacing
from fast_style.models.catalog import name_style

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
