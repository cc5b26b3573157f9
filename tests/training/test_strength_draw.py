import keras
import numpy as np
import pytest

from fast_style.models.conditions import interpolate as interpolate_one
from fast_style.training.strength_draw import interpolate
from fast_style.training.strength_draw import StrengthDraw

KNOTS = (0.2, 0.5, 1.0)


def to_numpy(tensor):
    return keras.ops.convert_to_numpy(tensor)


def to_strengths(factors):
    """0.1 at 0.2 and 1 at 1, logarithmic between them, by hand."""
    return 1 + 0.8 * np.log10(factors)


def test_rows_are_those_of_the_strength_that_the_loss_is_told():
    draw = StrengthDraw(KNOTS, weakest=0.1)

    for step in range(20):
        shares = to_numpy(draw.draw_shares(step, 4))
        strengths = to_strengths(to_numpy(draw.draw_factors(step, 4)))
        for row, strength in zip(shares, strengths, strict=True):
            below = interpolate_one(strength, KNOTS)[:-1]
            np.testing.assert_allclose(row, [*below, 1], atol=1e-5)


def test_half_of_the_strengths_are_high():
    draw = StrengthDraw(KNOTS, weakest=0.1)

    factors = [to_numpy(draw.draw_factors(step, 2)) for step in range(300)]

    strengths = to_strengths(np.concatenate(factors))
    assert 0.2 <= strengths.min() < 0.22
    assert 0.99 < strengths.max() < 1.001
    assert np.mean(strengths > 0.8) == pytest.approx(0.5, abs=0.03)


def test_before_the_first_step_they_are_1():
    draw = StrengthDraw(KNOTS, weakest=0.1, first_step=50)

    factors = [to_numpy(draw.draw_factors(step, 4)) for step in (0, 49, 50)]

    np.testing.assert_array_equal(factors[:2], np.ones((2, 4)))
    assert (factors[2] < 1).all()


def test_of_one_strength_all_are_whole():
    draw = StrengthDraw((1.0,), weakest=0.1)

    np.testing.assert_array_equal(to_numpy(draw.draw_factors(7, 3)), [1, 1, 1])
    np.testing.assert_array_equal(to_numpy(draw.draw_shares(7, 3)), np.ones((3, 1)))


def test_interpolation_is_that_of_one_number():
    knots = (0.0, 0.2, 0.5, 1.0)
    positions = np.float32([0, 0.1, 0.2, 0.3, 0.77, 1])

    shares = to_numpy(interpolate(positions, knots))

    for row, position in zip(shares, positions, strict=True):
        np.testing.assert_allclose(row, interpolate_one(position, knots), atol=1e-6)
