"""What is measured on each photo."""

import keras
import numpy as np

from fast_style.evaluation import metrics as figures
from fast_style.evaluation import report as reports
from fast_style.evaluation.losses import compute_losses
from fast_style.evaluation.losses import summarize
from fast_style.io.arrays import to_uint8


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
            **summarize(values),
            "worst_photo": None if worst is None else names[worst],
        }
        untouched = [m["figures_untouched"][name] for m in measured]
        summary["figures_untouched"][name] = summarize(untouched)
    return summary


def find_worst(name: str, values) -> int | None:
    """Returns the place of the worst value of a figure; None if none is known."""
    if not np.isfinite(values).any():
        return None
    worse = {figure: end for figure, end, _ in reports.FIGURES}.get(name, "high")
    return int(np.nanargmax(values) if worse == "high" else np.nanargmin(values))
