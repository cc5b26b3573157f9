import numpy as np
import pytest

from fast_style.models.conditions import Conditions
from fast_style.models.conditions import interpolate

CONDITIONS = Conditions(names=("wave", "night", "scream"), strengths=(0.1, 0.25, 1.0))


def test_a_style_at_full_strength_is_its_last_row():
    shares = CONDITIONS.mix({"night": 1})

    np.testing.assert_array_equal(shares, [0, 0, 0, 0, 0, 1, 0, 0, 0])
    assert shares.dtype == np.float32


def test_below_strength_1_other_rows_are_added():
    shares = CONDITIONS.mix({"wave": 1}, strength=0.4)

    # 0.4 lies a fifth of the way from 0.25 to 1.
    np.testing.assert_allclose(shares, [0, 0.8, 1, 0, 0, 0, 0, 0, 0], atol=1e-6)


def test_styles_are_mixed_by_their_weights_whatever_the_sum():
    shares = CONDITIONS.mix({"wave": 1, "scream": 3}, strength=0.25)

    np.testing.assert_allclose(shares, [0, 0.25, 0.25, 0, 0, 0, 0, 0.75, 0.75])


@pytest.mark.parametrize(
    "styles", [{}, {"wave": 0}, {"wave": -1, "night": 2}, {"wave": float("nan")}]
)
def test_refuses_weights_that_are_no_mixture(styles):
    with pytest.raises(ValueError, match="must be at least 0, and not all of them 0"):
        CONDITIONS.mix(styles)


def test_an_unknown_name_is_an_error_that_lists_the_known_ones():
    with pytest.raises(ValueError, match=r"wave, night, scream\. Received: 'day'"):
        CONDITIONS.mix({"day": 1, "wave": 1})


@pytest.mark.parametrize("names", [(), ("a", "a")])
def test_names_are_different(names):
    with pytest.raises(ValueError, match="`names` must be different names"):
        Conditions(names=names)


@pytest.mark.parametrize(
    "strengths",
    [(), (0.5,), (0.0, 1.0), (0.5, 0.5, 1.0), (1, 0), (-1.0, 1.0), (float("nan"), 1.0)],
)
def test_strengths_ascend_to_one(strengths):
    with pytest.raises(ValueError, match="ascend to 1"):
        Conditions(names=("a",), strengths=strengths)


def test_beyond_the_knots_the_nearest_has_all():
    np.testing.assert_allclose(interpolate(0.1, (0.2, 0.6, 1.0)), [1, 0, 0])
    np.testing.assert_allclose(interpolate(0.3, (0.2, 0.6, 1.0)), [0.75, 0.25, 0])
    np.testing.assert_allclose(interpolate(2.0, (0.2, 0.6, 1.0)), [0, 0, 1])
