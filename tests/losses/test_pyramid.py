import numpy as np
import pytest
from scipy import ndimage

from fast_style.losses.pyramid import gaussian_pyramid


class TestGaussianPyramid:
    @pytest.mark.parametrize("size", [(16, 24), (17, 9), (5, 8)])
    def test_each_level_is_scipys_filter_and_every_second_pixel(self, rng, size):
        images = rng.uniform(0, 255, (2, *size, 3)).astype("float32")
        kernel = np.array([1, 4, 6, 4, 1]) / 16

        levels = gaussian_pyramid(images, 2)

        expected = images
        for axis in (1, 2):
            expected = ndimage.convolve1d(expected, kernel, axis=axis, mode="mirror")
        np.testing.assert_array_equal(levels[0], images)
        np.testing.assert_allclose(levels[1], expected[:, ::2, ::2], rtol=1e-4)

    def test_a_plain_colour_stays_what_it_is(self):
        levels = gaussian_pyramid(np.full((1, 32, 32, 3), 200.0, "float32"), 4)

        assert [level.shape[1] for level in levels] == [32, 16, 8, 4]
        for level in levels:
            np.testing.assert_allclose(level, 200.0, rtol=1e-6)
