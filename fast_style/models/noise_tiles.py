"""The noise of the generator, the same in each engine."""

import numpy as np

# Primes, so that together they repeat only after millions of pixels. All of a
# tile is seen in one training crop of 128 pixels.
_SIDES = (61, 59, 53, 47, 43, 41, 37, 31)
MAX_NOISE_CHANNELS = len(_SIDES)


def make_noise_tiles(channels: int) -> list[np.ndarray]:
    """Makes the squares of noise that are repeated over an image, one per channel.

    Args:
        channels: 1 to `MAX_NOISE_CHANNELS`.

    Returns:
        float32 arrays, normally distributed, the same in each process; their sides
        are different primes.
    """
    # A stream that NumPy promises never to change.
    random = np.random.RandomState(0)
    return [
        random.standard_normal((side, side)).astype("float32")
        for side in _SIDES[:channels]
    ]
