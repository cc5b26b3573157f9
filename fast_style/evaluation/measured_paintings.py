"""Paintings as what evaluation needs of them, where their pixels are not.

Beside a bundled style lies a file of this kind, so that no painting need be named.
"""

import dataclasses
import os

import numpy as np

from fast_style.evaluation.metrics.computing import measure_surface
from fast_style.evaluation.metrics.surface import Surface
from fast_style.losses.stored_statistics import measure_statistics
from fast_style.losses.stored_statistics import read_statistics
from fast_style.losses.stored_statistics import StoredStatistics
from fast_style.losses.stored_statistics import write_statistics
from fast_style.losses.targets import compute_total_variation

_NUM_PROJECTIONS = 64
# Norm of what may be missing of a covariance, relative to it. Nearer to the painting,
# as styles are by their own loss, it shows more. docs/evaluation.md has what it does.
_OF_JUDGES = 0.08
_OF_LOSS = 0.04


@dataclasses.dataclass(frozen=True, kw_only=True)
class MeasuredPainting:
    """A painting without its pixels.

    Attributes:
        statistics: What losses and judges compare with.
        surface: What metrics compare with.
    """

    statistics: StoredStatistics
    surface: Surface


def get_style_image(painting):
    """Returns what a loss or a judge takes: pixels `(H, W, 3)`, or statistics."""
    is_measured = isinstance(painting, MeasuredPainting)
    return painting.statistics if is_measured else painting


def get_surface(painting) -> Surface:
    """Returns what metrics take, which is computed of a painting with pixels."""
    is_measured = isinstance(painting, MeasuredPainting)
    return painting.surface if is_measured else measure_surface(painting)


def read_painting(path: str | os.PathLike) -> MeasuredPainting:
    """Reads what `write_painting` wrote.

    Args:
        path: An `.npz` file.

    Raises:
        ValueError: If it is damaged or another one.
    """
    arrays = read_statistics(path)
    patches = [name for name in sorted(arrays) if name.startswith("surface/patches/")]
    surface = Surface(
        texture=float(arrays["surface/texture"]),
        patches=[arrays[name] for name in patches],
        values={
            name.removeprefix("surface/values/"): float(array)
            for name, array in arrays.items()
            if name.startswith("surface/values/")
        },
    )
    return MeasuredPainting(statistics=StoredStatistics(arrays), surface=surface)


def write_painting(painting, of_loss, of_judges, path: str | os.PathLike) -> None:
    """Measures a painting and writes what evaluation needs of it.

    Args:
        painting: RGB `(H, W, 3)` in [0, 255].
        of_loss: Pairs of a term and its loss network.
        of_judges: Pairs of the term of a judge and its network.
        path: An `.npz` file.
    """
    # Only now: it needs SciPy, an extra.
    from fast_style.evaluation.metrics.patch_projections import reduce_projections

    surface = measure_surface(painting)
    arrays = {
        "shape": np.array(painting.shape),
        "total_variation": np.float32(compute_total_variation(painting)),
        "surface/texture": np.float32(surface.texture),
    }
    for number, projections in enumerate(surface.patches):
        reduced = reduce_projections(projections, _NUM_PROJECTIONS)
        arrays[f"surface/patches/{number}"] = reduced.astype("float16")
    for name, value in surface.values.items():
        arrays[f"surface/values/{name}"] = np.float32(value)
    # What both need is as good as the loss needs it.
    for pairs, tolerance in ((of_judges, _OF_JUDGES), (of_loss, _OF_LOSS)):
        for term, network in pairs:
            arrays |= measure_statistics(painting, term, network, tolerance=tolerance)
    write_statistics(arrays, path)
