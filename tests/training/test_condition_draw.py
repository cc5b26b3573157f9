import keras
import numpy as np

from fast_style.models.conditions import Conditions
from fast_style.training.condition_draw import StyleDraw
from fast_style.training.strength_draw import StrengthDraw

CONDITIONS = Conditions(names=("a", "b", "c"), strengths=(0.2, 0.5, 1.0))


def to_numpy(tensor):
    return keras.ops.convert_to_numpy(tensor)


def make_crops(count):
    return np.zeros((count, 4, 4, 3), "float32")


def test_rows_are_those_of_the_style_and_strength_that_the_loss_is_told():
    draw = StyleDraw(CONDITIONS, StrengthDraw(CONDITIONS.strengths, weakest=0.1))

    for step in range(20):
        rows = to_numpy(draw.draw_shares(step, make_crops(4)))
        targets = draw.draw_targets(step, make_crops(4))
        # From 0.1 at 0.2 to 1 at 1, by hand.
        strengths = 1 + 0.8 * np.log10(to_numpy(targets["style_factors"]))
        styles = to_numpy(targets["styles"])
        for row, style, strength in zip(rows, styles, strengths, strict=True):
            expected = CONDITIONS.mix({CONDITIONS.names[style]: 1}, strength)
            np.testing.assert_allclose(row, expected, atol=1e-5)


def test_styles_take_turns_beside_others():
    conditions = Conditions(names=("a", "b", "c", "d"))
    draw = StyleDraw(conditions, StrengthDraw((1.0,)))
    pairs = [
        tuple(to_numpy(draw.draw_targets(step, make_crops(2))["styles"]).tolist())
        for step in range(12)
    ]

    counts = np.bincount(np.ravel(pairs))
    np.testing.assert_array_equal(counts, [6, 6, 6, 6])
    assert len(set(map(frozenset, pairs))) == 4


def test_styles_that_are_left_out_are_never_drawn():
    draw = StyleDraw(CONDITIONS, StrengthDraw((1.0,)), left_out=("a", "c"))

    for step in range(5):
        styles = to_numpy(draw.draw_targets(step, make_crops(2))["styles"])
        np.testing.assert_array_equal(styles, [1, 1])


def test_a_style_has_its_factor_at_each_strength():
    strengths = StrengthDraw(CONDITIONS.strengths, weakest=0.1)
    plain = StyleDraw(CONDITIONS, strengths)
    draw = StyleDraw(CONDITIONS, strengths, factors=[1.0, 3.0, 0.5])

    for step in range(5):
        expected = plain.draw_targets(step, make_crops(4))
        targets = draw.draw_targets(step, make_crops(4))
        styles = to_numpy(targets["styles"])
        np.testing.assert_array_equal(styles, to_numpy(expected["styles"]))
        np.testing.assert_allclose(
            to_numpy(targets["style_factors"]),
            to_numpy(expected["style_factors"]) * np.float32([1, 3, 0.5])[styles],
            rtol=1e-6,
        )


def test_factors_are_of_their_styles_also_where_others_are_left_out():
    strengths = StrengthDraw((1.0,))
    draw = StyleDraw(CONDITIONS, strengths, left_out=("a",), factors=[1.0, 3.0, 0.5])

    targets = draw.draw_targets(0, make_crops(4))

    np.testing.assert_array_equal(to_numpy(targets["styles"]), [1, 2, 2, 1])
    np.testing.assert_allclose(to_numpy(targets["style_factors"]), [3, 0.5, 0.5, 3])


def test_each_sample_shows_another_style():
    draw = StyleDraw(CONDITIONS, StrengthDraw(CONDITIONS.strengths))

    for index, name in enumerate(("a", "b", "c", "a")):
        np.testing.assert_array_equal(draw.show(index), [CONDITIONS.mix({name: 1})])
