import keras
import numpy as np
import pytest

from fast_style.models.conditions import Conditions
from fast_style.models.conditions import interpolate as interpolate_one
from fast_style.training.condition_draw import ConditionDraw
from fast_style.training.condition_draw import interpolate

CONDITIONS = Conditions(names=("a", "b", "c"), strengths=(0.2, 0.5, 1.0))


def to_numpy(tensor):
    return keras.ops.convert_to_numpy(tensor)


def test_shares_are_those_of_the_style_and_strength_that_the_loss_is_told():
    draw = ConditionDraw(CONDITIONS, weakest=0.1)

    for step in range(20):
        shares = to_numpy(draw.draw_shares(step, 4))
        targets = {k: to_numpy(v) for k, v in draw.draw_targets(step, 4).items()}
        strengths = to_strengths(targets["style_factors"])
        for row, style, strength in zip(
            shares, targets["styles"], strengths, strict=True
        ):
            expected = CONDITIONS.mix({CONDITIONS.names[style]: 1}, strength)
            np.testing.assert_allclose(row, expected, atol=1e-5)


def test_before_the_first_step_strengths_are_1():
    draw = ConditionDraw(CONDITIONS, weakest=0.1, first_step=50)

    factors = [
        to_numpy(draw.draw_targets(step, 4)["style_factors"]) for step in (0, 49, 50)
    ]

    np.testing.assert_array_equal(factors[:2], np.ones((2, 4)))
    assert (factors[2] < 1).all()


def test_styles_take_turns_beside_others():
    draw = ConditionDraw(Conditions(names=("a", "b", "c", "d")))
    pairs = [
        tuple(to_numpy(draw.draw_targets(step, 2)["styles"]).tolist())
        for step in range(12)
    ]

    counts = np.bincount(np.ravel(pairs))
    np.testing.assert_array_equal(counts, [6, 6, 6, 6])
    assert len(set(map(frozenset, pairs))) == 4


def to_strengths(factors):
    """0.1 at 0.2 and 1 at 1, logarithmic between them, by hand."""
    return 1 + 0.8 * np.log10(factors)


def test_half_of_the_strengths_of_each_style_are_high():
    draw = ConditionDraw(CONDITIONS, weakest=0.1)
    targets = [draw.draw_targets(step, 2) for step in range(300)]
    styles = np.concatenate([to_numpy(each["styles"]) for each in targets])
    factors = np.concatenate([to_numpy(each["style_factors"]) for each in targets])

    for style in range(3):
        strengths = to_strengths(factors[styles == style])
        assert 0.2 <= strengths.min() < 0.25
        assert 0.99 < strengths.max() < 1.001
        assert np.mean(strengths > 0.8) == pytest.approx(0.5, abs=0.05)


def test_without_strengths_all_are_whole():
    draw = ConditionDraw(Conditions(names=("a", "b")), weakest=0.1)

    np.testing.assert_array_equal(
        to_numpy(draw.draw_targets(7, 3)["style_factors"]), [1, 1, 1]
    )


def test_interpolation_is_that_of_one_number():
    knots = (0.0, 0.2, 0.5, 1.0)
    positions = np.float32([0, 0.1, 0.2, 0.3, 0.77, 1])

    shares = to_numpy(interpolate(positions, knots))

    for row, position in zip(shares, positions, strict=True):
        np.testing.assert_allclose(row, interpolate_one(position, knots), atol=1e-6)
