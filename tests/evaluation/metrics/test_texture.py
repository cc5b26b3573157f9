import numpy as np
import pytest

from fast_style.evaluation.metrics.texture import find_texture
from fast_style.evaluation.metrics.texture import measure_texture


def make_waves(length):
    row = 100 + 50 * np.sin(2 * np.pi * np.arange(256) / length)
    return np.repeat(np.tile(row, (64, 1))[..., None], 3, axis=2)


def test_short_waves_are_texture_and_long_ones_are_not():
    # A Gaussian of deviation 4 leaves exp(-(2 pi 4 / length)^2 / 2) of a wave.
    for length in (8, 128):
        left = 1 - np.exp(-((2 * np.pi * 4 / length) ** 2) / 2)

        found = find_texture(make_waves(length))[:, 32:-32]

        assert np.sqrt((found**2).mean()) == pytest.approx(
            left * 50 / np.sqrt(2), rel=0.05
        )


def test_of_a_whole_picture_one_number_is_left(rng):
    picture = rng.uniform(0, 255, (50, 60, 3))

    assert measure_texture(picture) == pytest.approx(
        np.std(find_texture(picture)), 0.01
    )
