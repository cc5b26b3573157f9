"""Small patches of a stylized image and of the painting."""

import numpy as np

from fast_style.evaluation.metrics.luminance import halve


def patch_distance(stylized, painting, *, num_patches: int = 2048) -> float:
    """Computes how far the surface is from the painting's.

    Sliced Wasserstein distance between the 7x7 patches of both images: mean
    over 128 random unit directions of the mean difference between the sorted
    projections; mean over full, half and quarter resolution. The directions
    and places are the same in every call.

    Args:
        stylized: RGB `(H, W, 3)` in [0, 255].
        painting: RGB of any size, scaled as it was trained with.
        num_patches: Patches of each image and scale.

    Returns:
        Grey levels, times up to sqrt(147) for plain colours; 0 if the patches
        are the same. Other patches are drawn from either image, so that of a
        texture from itself is about 2.

    References:
        Rabin et al., 2011, https://doi.org/10.1007/978-3-642-24785-9_37
        Karras et al., 2018, section 5, https://arxiv.org/abs/1710.10196
        Differs from the latter in taking images, not differences between
        scales: the palette counts.
    """
    rng = np.random.default_rng(0)
    one, other = (np.asarray(p, "float64") for p in (stylized, painting))
    distances = []
    for _ in range(3):
        if min(*one.shape[:2], *other.shape[:2]) < 7:
            break
        directions = rng.normal(size=(7 * 7 * 3, 128))
        directions /= np.linalg.norm(directions, axis=0)
        sorted_1, sorted_2 = (
            np.sort(_draw_patches(p, num_patches, rng) @ directions, axis=0)
            for p in (one, other)
        )
        distances.append(np.abs(sorted_1 - sorted_2).mean())
        one, other = (
            np.stack([halve(p[..., c]) for c in range(3)], axis=-1)
            for p in (one, other)
        )
    return float(np.mean(distances)) if distances else float("nan")


def _draw_patches(image, count, rng):
    windows = np.lib.stride_tricks.sliding_window_view(image, (7, 7), axis=(0, 1))
    y, x = (rng.integers(0, side, count) for side in windows.shape[:2])
    return windows[y, x].reshape(count, -1)
