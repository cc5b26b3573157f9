"""What is measured on each photo: losses and metrics."""

from absl import logging
import numpy as np

from fast_style.evaluation.losses import compute_losses
from fast_style.evaluation.losses import summarize
from fast_style.evaluation.metrics.computing import compute_metrics
from fast_style.evaluation.metrics.registry import METRICS
from fast_style.io.arrays import to_uint8
from fast_style.io.progress import ProgressBar


def measure_photos(stylizer, photos, surface, loss) -> list[dict]:
    """Stylizes photos and computes their losses and metrics.

    Args:
        stylizer: From uint8 `(H, W, 3)` to the stylized image.
        photos: Dict from name to RGB `(H, W, 3)` in [0, 255].
        surface: What `measure_surface` returned of the painting.
        loss: A `PerceptualLoss`.

    Returns:
        Dict for each photo with `stylized`, `losses`, `metrics`, and the last
        two also of the photo as it is (`losses_untouched`, `metrics_untouched`).
    """

    def stylize(photo):
        return np.asarray(stylizer(to_uint8(photo)), "float32")

    logging.info("Measuring %d held-out photos.", len(photos))
    measured = []
    with ProgressBar("photos", len(photos)) as progress:
        for photo in photos.values():
            stylized = stylize(photo)
            inputs = {"photo": photo, "painting": surface}
            measured.append(
                {
                    "stylized": stylized,
                    "losses": compute_losses(loss, photo, stylized),
                    "losses_untouched": compute_losses(loss, photo, photo),
                    "metrics": compute_metrics(
                        **inputs, stylized=stylized, stylize=stylize
                    ),
                    "metrics_untouched": compute_metrics(**inputs, stylized=photo),
                }
            )
            progress.update(len(measured))
    return measured


def summarize_metrics(measured, names, surface) -> dict:
    """Computes mean, median and deviation over the photos, and which is the worst.

    Args:
        measured: What `measure_photos` returns.
        names: Of the photos.
        surface: What `measure_surface` returned of the painting.

    Returns:
        Dict with `metrics`, `metrics_untouched` and `metrics_painting`, as they stand
        in a report.
    """
    summary = {"metrics": {}, "metrics_untouched": {}}
    for name in METRICS:
        values = [m["metrics"][name] for m in measured]
        worst = find_worst(name, values)
        summary["metrics"][name] = {
            **summarize(values),
            "worst_photo": None if worst is None else names[worst],
        }
        untouched = [m["metrics_untouched"][name] for m in measured]
        summary["metrics_untouched"][name] = summarize(untouched)
    return {**summary, "metrics_painting": surface.values}


def find_worst(name: str, values) -> int | None:
    """Returns the index of the worst value of a metric, or of the loss.

    Args:
        name: A name in `METRICS`, or `"loss"`.
        values: One for each photo; NaN where it is undefined.

    Returns:
        None if all are undefined.
    """
    if not np.isfinite(values).any():
        return None
    is_higher_better = name in METRICS and METRICS[name].direction == "higher"
    return int(np.nanargmin(values) if is_higher_better else np.nanargmax(values))


def list_worst(photos, measured) -> list[tuple]:
    """Lists the photos with the worst loss and the worst value of each metric.

    Args:
        photos: Dict from name to RGB `(H, W, 3)` in [0, 255].
        measured: What `measure_photos` returns of them.

    Returns:
        List of `(caption, photo, stylized image)`, as `draw_pairs` takes it.
    """
    values = {"loss": [m["losses"]["loss"] for m in measured]}
    values |= {name: [m["metrics"][name] for m in measured] for name in METRICS}
    rows = []
    for name, numbers in values.items():
        worst = find_worst(name, numbers)
        if worst is not None:
            photo_name = list(photos)[worst]
            caption = f"{name} {numbers[worst]:.3g}: {photo_name}"
            rows.append((caption, photos[photo_name], measured[worst]["stylized"]))
    return rows
