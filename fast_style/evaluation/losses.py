"""Losses of stylized photos."""

from absl import logging
from keras import ops
import numpy as np

from fast_style.io.arrays import to_uint8


def compute_losses(loss, photo, stylized) -> dict[str, float]:
    """Computes the weighted terms of the loss, and their sum.

    Args:
        loss: A `PerceptualLoss`.
        photo: RGB `(H, W, 3)` in [0, 255].
        stylized: RGB of the same shape.

    Returns:
        Dict with `loss`, and below it the terms that it is the sum of.
    """
    terms = loss(photo[None], np.asarray(stylized, "float32")[None])
    terms = {name: float(ops.convert_to_numpy(v)) for name, v in terms.items()}
    return {"loss": sum(terms.values()), **terms}


def compare_losses(measured, stylizer, training_photos, loss) -> dict:
    """Compares the losses of held-out photos with those of others.

    Args:
        measured: Held-out photos, as `measure_photos` returns them.
        stylizer: From uint8 `(H, W, 3)` to the stylized image.
        training_photos: Dict from name to RGB `(H, W, 3)` in [0, 255]; may be empty.
        loss: A `PerceptualLoss`.

    Returns:
        Dict with `losses`, summarized for held-out, untouched and training photos,
        and `gap`, as they stand in a report.
    """
    losses = {
        "held_out": summarize_losses([m["losses"] for m in measured]),
        "untouched": summarize_losses([m["losses_untouched"] for m in measured]),
        "training": None,
    }
    if not training_photos:
        return {"losses": losses, "gap": None}
    logging.info("Measuring %d photos that it was trained on.", len(training_photos))
    losses["training"] = summarize_losses(
        [
            compute_losses(loss, photo, stylizer(to_uint8(photo)))
            for photo in training_photos.values()
        ]
    )
    # Medians: one nearly plain photo, whose content is divided by next to
    # nothing, would decide the mean.
    medians = [losses[kind]["loss"]["median"] for kind in ("held_out", "training")]
    return {"losses": losses, "gap": medians[0] / medians[1] - 1}


def summarize_losses(losses) -> dict:
    """Computes mean, median and deviation over the photos, for each term.

    Args:
        losses: For each photo what `compute_losses` returns.
    """
    return {term: summarize([one[term] for one in losses]) for term in losses[0]}


def summarize(values) -> dict:
    """Computes mean, median and deviation of the values that are finite.

    Returns:
        Dict with `mean`, `median`, `deviation` (None if no value is finite) and
        `num_photos`: how many values are.
    """
    known = [value for value in values if np.isfinite(value)]
    if not known:
        return {"mean": None, "median": None, "deviation": None, "num_photos": 0}
    return {
        "mean": float(np.mean(known)),
        "median": float(np.median(known)),
        "deviation": float(np.std(known)),
        "num_photos": len(known),
    }
