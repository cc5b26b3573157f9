"""Grids that upsampling leaves."""

import numpy as np

_TILE = 64
_PERIOD = 4  # Pixels of the image per pixel of the residual blocks of `fast`.


def grid(stylized) -> float:
    """Computes how much a grid of the generator's upsampling stands out.

    The power spectrum of the colours (mean over channels and over tiles of
    64x64 pixels under Hann's window, half overlapping) at the frequencies of
    periods 4, the generators' stride, and 2, each divided by the median of those
    3 to 5 bins away from it along either axis; the largest of these.

    Args:
        stylized: RGB `(H, W, 3)` in [0, 255].

    Returns:
        About 1 to 2 without a grid; huge for nothing but a grid. NaN if the image
        is smaller than a tile.
    """
    image = np.asarray(stylized, "float64")
    if min(image.shape[:2]) < _TILE:
        return float("nan")
    tiles = np.lib.stride_tricks.sliding_window_view(image, (_TILE, _TILE), axis=(0, 1))
    tiles = tiles[:: _TILE // 2, :: _TILE // 2]
    tiles = tiles - tiles.mean(axis=(-2, -1), keepdims=True)
    window = np.sin(np.pi * (np.arange(_TILE) + 0.5) / _TILE) ** 2
    power = np.abs(np.fft.fft2(tiles * np.outer(window, window))) ** 2
    power = power.mean(axis=(0, 1, 2))
    step = _TILE // _PERIOD
    return max(
        _stand_out(power, y, x)
        for y in range(0, _TILE, step)
        for x in range(0, _TILE, step)
        if (y, x) != (0, 0)
    )


def _stand_out(power, y, x):
    away = [-5, -4, -3, 3, 4, 5]
    others = [power[(y + d) % _TILE, x] for d in away]
    others += [power[y, (x + d) % _TILE] for d in away]
    return float(power[y, x] / (np.median(others) + 1e-9))
