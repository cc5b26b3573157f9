import numpy as np
import pytest
from scipy import ndimage

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


def test_blurred_tiles_are_scipys_gaussian_around_the_edges():
    white = make_noise_tiles(3)
    blurs = (0.0, 1.5, 6.0)

    tiles = make_noise_tiles(3, blurs)

    np.testing.assert_array_equal(tiles[0], white[0])
    for tile, source, blur in zip(tiles[1:], white[1:], blurs[1:], strict=True):
        expected = ndimage.gaussian_filter(
            source.astype("float64"), blur, mode="wrap", truncate=9
        )
        expected = (expected - expected.mean()) / expected.std()
        np.testing.assert_allclose(tile, expected, atol=2e-3)


@pytest.mark.parametrize("blur", [0.5, 3.0, 12.0])
def test_blurred_tiles_are_as_strong_as_white_ones(blur):
    (tile,) = make_noise_tiles(1, (blur,))

    assert tile.mean() == pytest.approx(0, abs=1e-5)
    assert tile.std() == pytest.approx(1, rel=1e-5)
