"""Losses of stylized photos."""

from keras import ops
import numpy as np


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


def summarize_losses(losses) -> dict:
    """Gives mean, median and deviation over the photos, for each term."""
    return {
        term: summarize([one[term] for one in losses])
        for term in ("loss", "content", "style", "tv")
    }


def summarize(values):
    known = [value for value in values if np.isfinite(value)]
    if not known:
        return {"mean": None, "median": None, "deviation": None, "num_photos": 0}
    return {
        "mean": float(np.mean(known)),
        "median": float(np.median(known)),
        "deviation": float(np.std(known)),
        "num_photos": len(known),
    }
