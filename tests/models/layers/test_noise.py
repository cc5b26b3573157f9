import keras
import numpy as np
import pytest

from fast_style.models.layers.noise import ConcatenateNoise
from fast_style.models.layers.noise import shifted_noise
from fast_style.models.noise_tiles import make_noise_tiles


class TestConcatenateNoise:
    def test_lays_squares_of_prime_sides_beside_each_other(self, rng):
        images = rng.normal(size=(2, 130, 125, 3)).astype("float32")

        joined = np.asarray(ConcatenateNoise(2)(images))

        np.testing.assert_array_equal(joined[..., :3], images)
        np.testing.assert_array_equal(joined[0, ..., 3:], joined[1, ..., 3:])
        for channel, side in ((3, 61), (4, 59)):
            noise = joined[0, ..., channel]
            expected = np.tile(noise[:side, :side], (3, 3))[:130, :125]
            np.testing.assert_array_equal(noise, expected)

    def test_is_numpys_old_stream_which_never_changes(self):
        noise = np.asarray(ConcatenateNoise(2)(np.zeros((1, 59, 59, 1))))

        random = np.random.RandomState(0)
        first = random.standard_normal((61, 61))[:59, :59]
        second = random.standard_normal((59, 59))
        np.testing.assert_allclose(noise[0, ..., 1], first, rtol=1e-6)
        np.testing.assert_allclose(noise[0, ..., 2], second, rtol=1e-6)

    def test_has_nothing_that_stands_out(self):
        noise = np.asarray(ConcatenateNoise(8)(np.zeros((1, 256, 256, 1))))

        noise = noise[0, ..., 1:].reshape(-1, 8)
        np.testing.assert_allclose(noise.mean(axis=0), 0, atol=0.1)
        np.testing.assert_allclose(np.cov(noise.T), np.eye(8), atol=0.1)

    def test_any_size_in_one_graph(self, rng, run_in_unknown_size_graph):
        layer = ConcatenateNoise(4)
        images = rng.normal(size=(2, 9, 65, 3)).astype("float32")

        actual = run_in_unknown_size_graph(layer, images)

        np.testing.assert_array_equal(actual, layer(images))

    def test_moves_while_a_block_lasts(self):
        images = keras.Input((None, None, 3))
        model = keras.Model(images, ConcatenateNoise(2)(images))
        zeros = np.zeros((1, 90, 90, 3), "float32")
        still = np.asarray(model(zeros))[0]

        with shifted_noise(model, (7, 200)):
            moved = np.asarray(model(zeros))[0]

        for channel, side in ((3, 61), (4, 59)):
            square = np.roll(still[:side, :side, channel], (-7, -200), axis=(0, 1))
            np.testing.assert_array_equal(moved[:side, :side, channel], square)
        np.testing.assert_array_equal(model(zeros)[0], still)

    def test_lays_blurred_squares_too(self):
        tiles = make_noise_tiles(2, (0.0, 4.0))

        noise = np.asarray(ConcatenateNoise(2, (0.0, 4.0))(np.zeros((1, 70, 70, 1))))

        for channel, tile in enumerate(tiles, start=1):
            expected = np.tile(tile, (2, 2))[:70, :70]
            np.testing.assert_array_equal(noise[0, ..., channel], expected)

    def test_blurs_are_as_many_as_channels(self):
        with pytest.raises(ValueError, match="each of 3 channels"):
            ConcatenateNoise(3, (1.0, 2.0))

    def test_more_channels_than_there_are_tiles_are_refused(self):
        with pytest.raises(ValueError, match="at most 8"):
            ConcatenateNoise(9)

    def test_survives_saving(self, check_saving):
        check_saving(ConcatenateNoise(4))
