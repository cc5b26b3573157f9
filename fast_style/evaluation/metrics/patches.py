"""Small patches of a stylized image and of the painting."""

import numpy as np

from fast_style.evaluation.metrics.patch_projections import project_patches
from fast_style.evaluation.metrics.patch_projections import reduce_projections
from fast_style.evaluation.metrics.surface import Surface


def patch_distance(stylized, painting) -> float:
    """Computes how far the surface is from the painting's.

    Sliced Wasserstein distance between the 7x7 patches of both images: mean
    over 128 random unit directions of the mean difference between the sorted
    projections; mean over full, half and quarter resolution. The directions
    and places are the same in every call.

    Args:
        stylized: RGB `(H, W, 3)` in [0, 255].
        painting: RGB of any size, scaled as it was trained with, or its `Surface`.

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
    one, other = (
        image.patches if isinstance(image, Surface) else project_patches(image, seed)
        for seed, image in enumerate((stylized, painting))
    )
    distances = [
        np.abs(reduce_projections(x, len(y)) - y).mean()
        for x, y in zip(one, other, strict=False)  # Small pictures have fewer sizes.
    ]
    return float(np.mean(distances)) if distances else float("nan")
