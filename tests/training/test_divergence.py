import numpy as np
import pytest

from fast_style.training.divergence import find_collapse
from fast_style.training.divergence import find_divergence


class TestFindDivergence:
    NAMES = ("content", "style", "tv")
    STEADY = np.tile([[0.3, 0.6, 0.1]], (24, 1))

    def find(self, newest, *, norm=1.0, threshold=2.0, before=STEADY):
        return find_divergence(self.NAMES, [*before, *newest], norm, threshold)

    def test_one_photo_with_a_large_loss_is_none(self):
        # The mean of 8 is 7 / 8 + 8 / 8 of the median.
        assert self.find([[0.3, 7.6, 0.1]]) == ""

    def test_but_8_steps_of_more_than_the_threshold_are(self):
        assert self.find([[0.3, 1.5, 0.1]] * 8) == ""
        assert self.find([[0.3, 1.7, 0.1]] * 8) == (
            "the loss of the last 8 steps was 2.1 times the median of those before, 1; "
            "most of it came from the style loss"
        )

    @pytest.mark.parametrize("place", range(4))
    def test_the_term_that_rose_most_is_named(self, place):
        names = ("faces", "outlines", "strokes", "motifs")
        before = np.tile([[8.0, 1.0, 1.0, 4.0]], (24, 1))
        newest = before[:8].copy()
        newest[:, place] += 20.0

        found = find_divergence(names, [*before, *newest], 1.0, 2.0)

        assert found.endswith(f"most of it came from the {names[place]} loss")

    def test_single_leaps_before_do_not_hide_one(self):
        before = self.STEADY.copy()
        before[:8] *= 100

        assert "2.1 times" in self.find([[0.3, 1.7, 0.1]] * 8, before=before)

    def test_the_first_steps_have_nothing_to_be_compared_with(self):
        leap = [[0.3, 10.0, 0.1]] * 8

        assert self.find(leap, before=self.STEADY[:15]) == ""
        assert self.find(leap, before=self.STEADY[:16])

    def test_a_threshold_of_0_is_none(self):
        assert self.find([[0.3, 1e9, 0.1]] * 8, threshold=0.0) == ""

    @pytest.mark.parametrize("value", [np.nan, np.inf])
    def test_a_term_that_is_no_number_is_named(self, value):
        found = self.find([[0.3, value, value]], before=[], threshold=0.0)

        assert found == f"the style loss was {value}"

    def test_so_is_a_gradient(self):
        assert "gradient's norm was nan" in self.find([], norm=np.nan)


class TestFindCollapse:
    def test_a_stylized_photo_has_not_collapsed(self, rng):
        assert find_collapse([rng.uniform(0, 255, (8, 8, 3))]) == ""

    def test_all_of_one_colour(self, rng):
        plain = np.full((8, 8, 3), (200.0, 100.0, 0.0)) + rng.normal(0, 1, (8, 8, 3))

        assert find_collapse([plain, plain]) == "all of one colour"
        # One that is not plain says that the generator still sees its photo.
        assert find_collapse([plain, rng.uniform(0, 255, (8, 8, 3))]) == ""

    def test_saturated(self, rng):
        black_and_white = 255.0 * rng.integers(0, 2, (32, 32, 3))

        assert find_collapse([black_and_white]) == "saturated"
