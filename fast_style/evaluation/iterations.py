"""How many iterations of L-BFGS one pass is worth."""

import time

from absl import logging
import numpy as np

from fast_style.config.optimize_config import OptimizeConfig
from fast_style.io.arrays import to_uint8
from fast_style.iterative.solvers import minimize
from fast_style.iterative.tracker import Tracker


def count_iterations(
    stylizer, photos, measured, loss, num_photos: int, num_steps: int
) -> dict:
    """Runs L-BFGS from some photos until its loss is as low as that of one pass.

    Args:
        stylizer: From uint8 `(H, W, 3)` to the stylized image.
        photos: Dict from name to RGB `(H, W, 3)` in [0, 255].
        measured: What `measure_photos` returns of them.
        loss: A `PerceptualLoss`.
        num_photos: How many of the photos, from the first on; 0: none.
        num_steps: Iterations of L-BFGS.

    Returns:
        Dict with `iterations_worth`, the losses of L-BFGS among it, and
        `seconds`, as they stand in a report; both None if there is no photo.
    """
    photos = dict(list(photos.items())[:num_photos])
    if not photos:
        return {"iterations_worth": None, "seconds": None}
    curves = _run_lbfgs(loss, photos, num_steps)
    steps, seconds, num_not_reached = [], [], 0
    for curve, photo in zip(curves, measured[:num_photos], strict=True):
        aim = photo["losses"]["loss"]
        reached = [row for row in curve if row["loss"] <= aim]
        num_not_reached += not reached
        row = reached[0] if reached else curve[-1]
        steps.append(row["step"])
        # The first step pays for the compilation too.
        seconds.append(row["seconds"] - curve[0]["seconds"])
    one_pass = _time_pass(stylizer, to_uint8(next(iter(photos.values()))))
    return {
        "iterations_worth": {
            "mean": float(np.mean(steps)),
            "photos": steps,
            "num_not_reached": num_not_reached,
            "num_steps": max(len(curve) - 1 for curve in curves),
            "curves": [[row["loss"] for row in curve] for curve in curves],
        },
        "seconds": {
            "feed_forward": one_pass,
            "lbfgs_to_same_loss": float(np.mean(seconds)),
            "times_faster": float(np.mean(seconds)) / one_pass,
        },
    }


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
