"""The noise of the generator, the same in each engine."""

import numpy as np

# Primes, so that together they repeat only after millions of pixels. All of a
# tile is seen in one training crop of 128 pixels.
_SIDES = (61, 59, 53, 47, 43, 41, 37, 31)
MAX_NOISE_CHANNELS = len(_SIDES)


def make_noise_tiles(channels: int, blurs: tuple[float, ...] = ()) -> list[np.ndarray]:
    """Makes the squares of noise that are repeated over an image, one per channel.

    Args:
        channels: 1 to `MAX_NOISE_CHANNELS`.
        blurs: For each channel the standard deviation, in pixels of the tile, of the
            Gaussian that it is blurred with; 0: white noise. Empty: all are white.

    Returns:
        float32 arrays of variance 1, normally distributed, the same in each process;
        their sides are different primes.
    """
    # A stream that NumPy promises never to change.
    random = np.random.RandomState(0)
    sides = _SIDES[:channels]
    tiles = [random.standard_normal((side, side)) for side in sides]
    blurred = map(_blur, tiles, blurs or (0.0,) * channels)
    return [tile.astype("float32") for tile in blurred]


def _blur(tile, deviation):
    if not deviation:
        return tile
    # Around the edges, so that tiles beside each other show no seam.
    distances = np.arange(len(tile))
    distances = np.minimum(distances, len(tile) - distances)
    weights = np.exp(-0.5 * np.square(distances / deviation))
    places = np.subtract.outer(np.arange(len(tile)), np.arange(len(tile)))
    matrix = weights[places]
    tile = matrix @ tile @ matrix.T
    return (tile - tile.mean()) / tile.std()
