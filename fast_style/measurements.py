"""What an evaluation measures on photos: losses, figures and iterations."""

import time

from absl import logging
import keras
from keras import ops
import numpy as np

from fast_style import figures
from fast_style import reports
from fast_style.images import to_uint8
from fast_style.minimization import minimize
from fast_style.minimization import Tracker
from fast_style.presets import OptimizeConfig


def compute_losses(loss, photo, stylized) -> dict[str, float]:
    """Computes the weighted terms of the loss, and their sum.

    Args:
        loss: A `PerceptualLoss`.
        photo: RGB `(H, W, 3)` in [0, 255].
        stylized: RGB of the same shape.

    Returns:
        Dict with `loss`, `content`, `style` and `tv`.
    """
    terms = loss(photo[None], np.asarray(stylized, "float32")[None])
    terms = {name: float(ops.convert_to_numpy(v)) for name, v in terms.items()}
    return {"loss": sum(terms.values()), **terms}


def measure_photos(stylizer, photos, painting, loss) -> list[dict]:
    """Stylizes photos and takes their losses and figures.

    Args:
        stylizer: From uint8 `(H, W, 3)` to the stylized picture.
        photos: Dict from name to RGB `(H, W, 3)` in [0, 255].
        painting: RGB `(H, W, 3)` in [0, 255].
        loss: A `PerceptualLoss`.

    Returns:
        Dict for each photo with `stylized`, `losses`, `figures`, and the last
        two also of the photo as it is (`losses_untouched`, `figures_untouched`).
    """
    progress = keras.utils.Progbar(len(photos), unit_name="photo")
    measured = []
    for photo in photos.values():
        stylized = np.asarray(stylizer(to_uint8(photo)), "float32")
        measured.append(
            {
                "stylized": stylized,
                "losses": compute_losses(loss, photo, stylized),
                "losses_untouched": compute_losses(loss, photo, photo),
                "figures": {
                    **_compute_figures(photo, stylized, painting),
                    "shift_difference": figures.shift_difference(
                        lambda image: stylizer(to_uint8(image)), photo
                    ),
                },
                "figures_untouched": _compute_figures(photo, photo, painting),
            }
        )
        progress.update(len(measured))
    return measured


def _compute_figures(photo, stylized, painting):
    return {
        "ssim": figures.ssim(photo, stylized),
        "gradient_similarity": figures.gradient_similarity(photo, stylized),
        "patch_distance": figures.patch_distance(stylized, painting),
        "grid": figures.grid(stylized),
        "border": figures.border(stylized),
        "clipping": figures.clipping(stylized),
        "ringing": figures.ringing(photo, stylized),
        "flat_texture": figures.flat_texture(photo, stylized, painting),
        "shift_difference": float("nan"),
    }


def summarize_losses(losses) -> dict:
    """Gives mean, median and deviation over the photos, for each term."""
    return {
        term: _describe([one[term] for one in losses])
        for term in ("loss", "content", "style", "tv")
    }


def _describe(values):
    known = [value for value in values if np.isfinite(value)]
    if not known:
        return {"mean": None, "median": None, "deviation": None, "num_photos": 0}
    return {
        "mean": float(np.mean(known)),
        "median": float(np.median(known)),
        "deviation": float(np.std(known)),
        "num_photos": len(known),
    }


def summarize_figures(measured, names) -> dict:
    """Gives mean, median and deviation over the photos, and which is the worst.

    Args:
        measured: What `measure_photos` returns.
        names: Of the photos.
    """
    summary = {"figures": {}, "figures_untouched": {}}
    for name, _, _ in reports.FIGURES:
        values = [m["figures"][name] for m in measured]
        worst = find_worst(name, values)
        summary["figures"][name] = {
            **_describe(values),
            "worst_photo": None if worst is None else names[worst],
        }
        untouched = [m["figures_untouched"][name] for m in measured]
        summary["figures_untouched"][name] = _describe(untouched)
    return summary


def find_worst(name: str, values) -> int | None:
    """Returns the place of the worst value of a figure; None if none is known."""
    if not np.isfinite(values).any():
        return None
    worse = {figure: end for figure, end, _ in reports.FIGURES}.get(name, "high")
    return int(np.nanargmax(values) if worse == "high" else np.nanargmin(values))


def count_iterations(stylizer, photos, feed_forward, loss, num_steps: int):
    """Runs L-BFGS from each photo and sees when it reaches the one pass.

    Args:
        stylizer: From uint8 `(H, W, 3)` to the stylized picture.
        photos: Dict from name to RGB `(H, W, 3)` in [0, 255].
        feed_forward: For each photo the loss of the one pass.
        loss: A `PerceptualLoss`.
        num_steps: Iterations of L-BFGS.

    Returns:
        Dict with `iterations_worth`, the losses of L-BFGS among it, and
        `seconds`, as they stand in a report.
    """
    curves = _run_lbfgs(loss, photos, num_steps)
    steps, seconds, num_not_reached = [], [], 0
    for curve, aim in zip(curves, feed_forward, strict=True):
        reached = [row for row in curve if row["loss"] <= aim]
        num_not_reached += not reached
        row = reached[0] if reached else curve[-1]
        steps.append(row["step"])
        # The first step pays for the compilation too.
        seconds.append(row["seconds"] - curve[0]["seconds"])
    losses = [[row["loss"] for row in curve] for curve in curves]
    one_pass = _time_pass(stylizer, to_uint8(next(iter(photos.values()))))
    counted = {
        "iterations_worth": {
            "mean": float(np.mean(steps)),
            "photos": steps,
            "num_not_reached": num_not_reached,
            "num_steps": max(len(curve) - 1 for curve in curves),
            "curves": losses,
        },
        "seconds": {
            "feed_forward": one_pass,
            "lbfgs_to_same_loss": float(np.mean(seconds)),
            "times_faster": float(np.mean(seconds)) / one_pass,
        },
    }
    return counted


def _run_lbfgs(loss, photos, num_steps):
    curves = []
    for number, (name, photo) in enumerate(photos.items(), start=1):
        logging.info("L-BFGS on %s (%d of %d).", name, number, len(photos))
        tracker = Tracker(num_steps)
        config = OptimizeConfig(method="lbfgs", num_steps=num_steps)
        minimize(loss, photo, photo, config, tracker)
        curves.append(tracker.losses)
    return curves


def _time_pass(stylizer, photo):
    stylizer(photo)
    seconds = []
    for _ in range(10):
        start = time.perf_counter()
        stylizer(photo)
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds))
