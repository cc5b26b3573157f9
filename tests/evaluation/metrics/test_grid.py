import numpy as np
import pytest

from fast_style.evaluation.metrics.grid import grid


class TestGrid:
    @pytest.mark.parametrize("period", [2, 4])
    @pytest.mark.parametrize("axis", [0, 1])
    def test_sees_weak_stripes_of_the_upsampling(self, photo, period, axis):
        place = np.indices(photo.shape[:2])[axis]
        planted = photo + 3.0 * np.cos(2 * np.pi * place / period)[..., None]

        assert grid(photo) < 3
        assert grid(planted) > 10

    def test_sees_a_checkerboard(self, photo):
        y, x = np.indices(photo.shape[:2])

        assert grid(photo + 2.0 * (-1.0) ** (x + y)[..., None]) > 10

    def test_does_not_mind_stripes_of_another_period_or_noise(self, photo, rng):
        x = np.indices(photo.shape[:2])[1]
        striped = photo + 10 * np.cos(2 * np.pi * x / 5.5)[..., None]

        assert grid(striped) < 3
        assert grid(photo + rng.normal(0, 10, photo.shape)) < 3

    def test_is_not_known_for_small_pictures(self):
        assert np.isnan(grid(np.zeros((63, 200, 3))))
