"""Small patches of a picture, seen along random directions."""

import numpy as np

from fast_style.evaluation.metrics.luminance import halve

_SIDE = 7
_NUM_PATCHES = 2048
_NUM_DIRECTIONS = 128


def project_patches(image, seed: int) -> list[np.ndarray]:
    """Projects random patches of an image on random directions, and sorts them.

    Args:
        image: RGB `(H, W, 3)` in [0, 255].
        seed: Of the places of the patches. The directions are always the same.

    Returns:
        For full, half and quarter resolution `(2048, 128)`, sorted along the first
        axis; those of less than 7 pixels are left out.
    """
    image = np.asarray(image, "float64")
    projections = []
    for resolution in range(3):
        if min(image.shape[:2]) < _SIDE:
            break
        shape = (_SIDE**2 * 3, _NUM_DIRECTIONS)
        directions = np.random.default_rng(resolution).normal(size=shape)
        directions /= np.linalg.norm(directions, axis=0)
        patches = _draw_patches(image, np.random.default_rng((resolution, seed)))
        projections.append(np.sort(patches @ directions, axis=0))
        image = np.stack([halve(image[..., c]) for c in range(3)], axis=-1)
    return projections


def reduce_projections(projections, count: int) -> np.ndarray:
    """Returns means of neighbours among sorted projections, `(count, 128)`."""
    return projections.reshape(count, -1, projections.shape[-1]).mean(1)


def _draw_patches(image, rng):
    windows = np.lib.stride_tricks.sliding_window_view(
        image, (_SIDE, _SIDE), axis=(0, 1)
    )
    y, x = (rng.integers(0, side, _NUM_PATCHES) for side in windows.shape[:2])
    return windows[y, x].reshape(_NUM_PATCHES, -1)
