import numpy as np
import pytest

from fast_style.models.noise_tiles import make_noise_tiles
from fast_style.models.noise_tiles import MAX_NOISE_CHANNELS


@pytest.mark.parametrize("channels", [1, 4, MAX_NOISE_CHANNELS])
def test_tiles_are_squares_of_numpys_old_stream(channels):
    random = np.random.RandomState(0)

    tiles = make_noise_tiles(channels)

    sides = [61, 59, 53, 47, 43, 41, 37, 31]
    assert [tile.shape for tile in tiles] == [(n, n) for n in sides[:channels]]
    for tile in tiles:
        expected = random.standard_normal(tile.shape)
        np.testing.assert_allclose(tile, expected, rtol=1e-6)
