"""An evaluation as programs and people read it: JSON and tables."""

import json

import numpy as np

from fast_style.evaluation.metrics.registry import METRICS
from fast_style.io.files import write_text
from fast_style.models.catalog import name_style


def replace_nan(value):
    """Returns a report with None, which JSON has, for what is NaN or infinite."""
    if isinstance(value, dict):
        return {key: replace_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [replace_nan(item) for item in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value


def write_json(report, path) -> None:
    """Writes all numbers of a report.

    Args:
        report: What `evaluate` returns; may have NaN or infinite values.
        path: A `.json` file.
    """
    text = json.dumps(replace_nan(report), indent=2, allow_nan=False)
    write_text(text + "\n", path)


def write_markdown(report, path) -> None:
    """Writes the tables of a report.

    Args:
        report: What `evaluate` returns; may have NaN or infinite values.
        path: A `.md` file.
    """
    report = replace_nan(report)
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
        *_tabulate_judges(report),
        "",
        *_tabulate_strengths(report),
        *_tabulate_metrics(report),
        "",
        f"Plots: {plots}; `worst.png` shows the photo that is worst by each metric. "
        "Numbers of each photo: `report.json`. Formulas: docs/evaluation.md.",
    ]
    write_text("\n".join(lines) + "\n", path)


def write_overview(report, path) -> None:
    """Writes a table of several styles.

    Args:
        report: What `evaluate` returns of them; may have NaN or infinite values.
        path: A `.md` file.
    """
    styles = replace_nan(report)["styles"]
    first = next(iter(styles.values()))
    names = list(first["judges"])
    columns = [f"style, {n} | of the photo | content" for n in names]
    lines = [
        f"# {name_style(report['style'])}",
        "",
        f"{first['num_photos']} held-out photos at {first['image_size']}x"
        f"{first['image_size']} pixels; means over the photos. Each style has a folder "
        "with its report.",
        "",
        f"| | loss | of the photo | {' | '.join(columns)} |",
        "|---" * (3 + 3 * len(names)) + "|",
    ]
    for style, one in styles.items():
        known = {True: ", trained on", False: ", unknown", None: ""}[one["is_known"]]
        losses = [one["losses"][kind]["loss"] for kind in ("held_out", "untouched")]
        for judge in one["judges"].values():
            kinds = ("style", "style_untouched", "content")
            losses += [judge[kind] for kind in kinds]
        cells = " | ".join(_show({"mean": each["mean"]}) for each in losses)
        lines.append(f"| [{style}]({style}/report.md){known} | {cells} |")
    lines += ["", "![The same photos in all styles](styles.png)"]
    write_text("\n".join(lines) + "\n", path)


def _tabulate_losses(report):
    names = tuple(report["losses"]["held_out"])
    rows = [f"| | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    for name, label in (
        ("held_out", "stylized, held out"),
        ("training", "stylized, trained on"),
        ("untouched", "photo as it is"),
    ):
        if losses := report["losses"][name]:
            cells = " | ".join(_show(losses[term], 3) for term in names)
            rows.append(f"| {label} | {cells} |")
    if report["gap"] is None:
        return [*rows, "", "The photos it was trained on were not at hand."]
    return [
        *rows,
        "",
        f"The median loss on held-out photos is {abs(report['gap']):.1%} "
        f"{'above' if report['gap'] > 0 else 'below'} that on photos trained on.",
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


def _tabulate_judges(report):
    if not report["judges"]:
        return ["No deep network judged: the weights of none were here."]
    rows = [
        "| judged by | style | of the photo as it is | share of it | content | trained "
        "on it |",
        "|---|---|---|---|---|---|",
    ]
    answers = {True: "yes", False: "no", None: "not known"}
    for name, judge in report["judges"].items():
        cells = [_show(judge[column]) for column in ("style", "style_untouched")]
        cells += [_show({"mean": judge["style_share"]}), _show(judge["content"])]
        answer = answers[judge["is_trained_on"]]
        rows.append(f"| {name} | {' | '.join(cells)} | {answer} |")
    return [
        *rows,
        "",
        "Distances of deep features from the painting's and from the photo's, lower is "
        "nearer. Trust networks that it was not trained on.",
    ]


def _tabulate_strengths(report):
    if not report["strengths"]:
        return []
    names = list(report["judges"])
    columns = [f"{kind}, {name}" for name in names for kind in ("style", "content")]
    rows = [f"| strength | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for row in report["strengths"]:
        numbers = [row[name][kind] for name in names for kind in ("style", "content")]
        cells = " | ".join(f"{number:.2f}" for number in numbers)
        rows.append(f"| {row['strength']:g} | {cells} |")
    return [*rows, ""]


def _tabulate_metrics(report):
    rows = [
        "| metric | stylized | photo as it is | painting | worst | |",
        "|---|---|---|---|---|---|",
    ]
    for name, spec in METRICS.items():
        metric = report["metrics"][name]
        count = metric["num_photos"]
        cells = [
            f"{_show(metric)} ({count})" if count else "-",
            _show(report["metrics_untouched"][name]),
            _show({"mean": report["metrics_painting"].get(name)}),
            metric["worst_photo"] or "-",
        ]
        rows.append(f"| {name} | {' | '.join(cells)} | {spec.meaning} |")
    return [*rows, "", "In brackets: on how many photos the metric is defined."]


def _show(statistics, digits=2):
    mean, deviation = statistics["mean"], statistics.get("deviation")
    if mean is None:
        return "-"
    text = f"{mean:.{digits}f}"
    return text if deviation is None else f"{text} ± {deviation:.{digits}f}"
