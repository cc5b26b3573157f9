import numpy as np
import pytest

from fast_style.evaluation.metrics.border import border


class TestBorder:
    def test_is_about_1_for_noise_whatever_its_colour(self, rng):
        values = [
            border(rng.normal(100, 30, (128, 160, 3)) + rng.uniform(0, 50, 3))
            for _ in range(10)
        ]

        assert np.mean(values) == pytest.approx(1, abs=0.2)

    @pytest.mark.parametrize("side", ["top", "bottom", "left", "right"])
    def test_sees_a_band_on_any_side(self, side, rng):
        image = rng.normal(100, 30, (128, 160, 3))
        band = {
            "top": np.s_[:4],
            "bottom": np.s_[-4:],
            "left": np.s_[:, :4],
            "right": np.s_[:, -4:],
        }
        image[band[side]] += 20

        assert border(image) > 5

    def test_is_the_steps_ratio_by_hand(self):
        # Lines of a ramp: each step is 6 lines' rise, at the border twice that.
        image = np.broadcast_to(np.arange(128.0)[:, None, None], (128, 128, 3)).copy()
        image[:4] -= 6
        # Of four sides two see the ramp, one of them with the planted band; the
        # others see nothing. Inside: two of four, 6 each.
        expected = np.sqrt((12**2 + 6**2) / 4 / (2 * 6**2 / 4))

        assert border(image) == pytest.approx(expected, rel=1e-6)

    def test_is_not_known_for_small_pictures(self):
        assert np.isnan(border(np.zeros((63, 200, 3))))
