"""Metrics by their name."""

import importlib

from fast_style.evaluation.metrics.registry import METRICS
from fast_style.evaluation.metrics.surface import Surface


def load_metric(name: str):
    """Returns the function that computes a metric.

    Args:
        name: A name in `registry.METRICS`.

    Returns:
        Function from the inputs that the metric's entry names to a float.
    """
    module = f"fast_style.evaluation.metrics.{METRICS[name].module}"
    return getattr(importlib.import_module(module), name)


def compute_metrics(
    *, photo=None, stylized=None, painting=None, stylize=None
) -> dict[str, float]:
    """Computes every metric whose inputs are given.

    Args:
        photo: RGB `(H, W, 3)` in [0, 255].
        stylized: RGB of the same shape.
        painting: RGB of any size, or what `measure_surface` returned of it.
        stylize: Function from a photo to its stylized image.

    Returns:
        Dict from the name of each metric to its value; NaN where an input is missing
        or the metric is undefined for this photo.
    """
    inputs = {
        "photo": photo,
        "stylized": stylized,
        "painting": painting,
        "stylize": stylize,
    }
    return {name: _compute(name, inputs) for name in METRICS}


def measure_surface(painting) -> Surface:
    """Measures what metrics need to know of a painting.

    Args:
        painting: RGB `(H, W, 3)` in [0, 255].
    """
    # Only now: they need SciPy, an extra.
    from fast_style.evaluation.metrics.patch_projections import project_patches
    from fast_style.evaluation.metrics.texture import measure_texture

    own = compute_metrics(stylized=painting)
    return Surface(
        texture=measure_texture(painting),
        patches=project_patches(painting, seed=1),
        values={name: own[name] for name, s in METRICS.items() if s.has_painting_value},
    )


def _compute(name, inputs):
    chosen = {key: inputs[key] for key in METRICS[name].inputs}
    if any(value is None for value in chosen.values()):
        return float("nan")
    return load_metric(name)(**chosen)
