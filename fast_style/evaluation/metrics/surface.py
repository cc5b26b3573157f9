"""What metrics need to know of a painting, where its pixels are not."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True, kw_only=True)
class Surface:
    """What is measured of a painting once; metrics take it instead of its pixels.

    Attributes:
        texture: Root mean square of its texture, see `texture.measure_texture`.
        patches: Sorted projections of its patches, as `project_patches` returns them,
            or means of neighbours among them, as of `reduce_projections`.
        values: Its own metrics by their names.
    """

    texture: float
    patches: list[np.ndarray]
    values: dict[str, float]
