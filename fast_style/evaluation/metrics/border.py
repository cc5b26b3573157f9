"""The border of a stylized image."""

import numpy as np

_BAND = 4


def border(stylized) -> float:
    """Computes how much the outermost pixels differ from those inside.

    A step is the mean colour of a band of 4 pixels along a side minus that of
    the 8 next to it inside. The steps at the very border, root mean square
    over sides and channels, divided by the same of all steps further inside.

    Args:
        stylized: RGB `(H, W, 3)` in [0, 255].

    Returns:
        About 1 if the border is like any other place. NaN for images of less than
        64 pixels.
    """
    image = np.asarray(stylized, "float64")
    if min(image.shape[:2]) < 64:
        return float("nan")
    sides = (image, image[::-1], image.swapaxes(0, 1), image.swapaxes(0, 1)[::-1])
    outer, inner = [], []
    for side in sides:
        lines = side[: len(side) // 2].mean(axis=1)
        sums = np.cumsum(np.pad(lines, ((1, 0), (0, 0))), axis=0)
        bands = (sums[_BAND:] - sums[:-_BAND]) / _BAND
        next_bands = (sums[3 * _BAND :] - sums[_BAND : -2 * _BAND]) / (2 * _BAND)
        steps = bands[: len(next_bands)] - next_bands
        outer.append(steps[:1])
        inner.append(steps[3 * _BAND :])
    outer, inner = (np.concatenate(steps) for steps in (outer, inner))
    return float(np.sqrt((outer**2).mean() / ((inner**2).mean() + 1e-9)))
