import numpy as np
import pytest

from fast_style.evaluation.metrics.shift import shift_difference


class TestShiftDifference:
    def test_is_0_for_what_moves_along(self, photo):
        assert shift_difference(lambda image: 255 - image, photo) == 0

    def test_sees_a_pattern_that_stays(self, photo):
        def stylize(image):
            x = np.indices(image.shape[:2])[1]
            return image + 10 * (x % 4 == 0)[..., None]

        # In a quarter of the pixels one has it, in another quarter the other,
        # unless the shift is 4 or 8.
        expected = 6 / 8 * 10 * 0.5
        actual = shift_difference(stylize, photo)
        assert actual == pytest.approx(expected, rel=0.05)

    def test_is_not_known_for_tiny_photos(self):
        assert np.isnan(shift_difference(lambda x: x, np.zeros((30, 90, 3))))
