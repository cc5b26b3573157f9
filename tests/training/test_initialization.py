import dataclasses

import numpy as np
import pytest

from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.conditions import Conditions
from fast_style.models.generator import build_generator
from fast_style.models.saving import load_generator
from fast_style.models.saving import save_generator
from fast_style.models.style_files import fold
from fast_style.models.style_files import to_trained_style
from fast_style.training.initialization import copy_weights
from fast_style.training.initialization import take_noise


def build(*names, strengths=(1.0,)):
    architecture, conditions = ARCHITECTURES["tiny"], None
    if names:
        conditions = Conditions(names=names, strengths=strengths)
        architecture = dataclasses.replace(
            architecture, num_conditions=conditions.num_rows
        )
    generator = build_generator("tiny", architecture=architecture)
    generator.conditions = conditions
    return generator


@pytest.fixture
def save(rng, tmp_path):
    def save_it(generator):
        for weights in generator.weights:
            weights.assign(rng.normal(0, 1, weights.shape))
        save_generator(generator, tmp_path / "source.keras")
        return tmp_path / "source.keras"

    return save_it


def get_rows(generator, name):
    style = to_trained_style(generator)
    return fold(style, style.conditions.mix({name: 1})).weights


def assert_equal(weights, expected):
    for name, array in expected.items():
        np.testing.assert_array_equal(weights[name], array)


def test_a_plain_style_is_the_beginning_of_all_rows(save):
    source, generator = build(), build("a", "b")

    learned = copy_weights(save(source), generator)

    assert learned == ()
    for name in ("a", "b"):
        assert_equal(get_rows(generator, name), to_trained_style(source).weights)
    assert all(layer.trainable for layer in generator.layers)


def test_known_styles_keep_their_rows_and_only_tables_are_trained(save):
    source, generator = build("a", "b"), build("b", "new", "a")

    learned = copy_weights(save(source), generator)

    assert learned == ("a", "b")
    for name in learned:
        assert_equal(get_rows(generator, name), get_rows(source, name))
    means = [
        (one + other) / 2
        for one, other in zip(
            get_rows(source, "a").values(), get_rows(source, "b").values(), strict=True
        )
    ]
    for array, mean in zip(get_rows(generator, "new").values(), means, strict=True):
        np.testing.assert_allclose(array, mean, atol=1e-6)
    kinds = {weights.path.rpartition("/")[2] for weights in generator.trainable_weights}
    assert kinds == {"gamma", "beta"}


def test_the_same_styles_are_all_trained_further(save):
    generator = build("a", "b")

    assert copy_weights(save(build("a", "b")), generator) == ()
    assert len(generator.trainable_weights) == len(generator.weights)


@pytest.mark.parametrize(
    ("names", "strengths", "match"),
    [
        ((), (1.0,), "has several styles, and this training one"),
        (("a", "c"), (1.0,), "has the styles a, b at the strengths"),
        (("a", "b"), (0.4, 1.0), "at the strengths"),
    ],
)
def test_what_does_not_fit_is_an_error(save, names, strengths, match):
    path = save(build("a", "b"))

    with pytest.raises(ValueError, match=match):
        copy_weights(path, build(*names, strengths=strengths))


def test_a_loaded_generator_of_one_style_has_no_conditions(save):
    assert load_generator(save(build())).conditions is None


@pytest.mark.parametrize("blurs", [(), (0.0, 1.0, 2.0, 4.0)], ids=str)
def test_the_noise_is_that_of_the_style_it_begins_with(tmp_path, blurs):
    own = dataclasses.replace(ARCHITECTURES["tiny"], noise_blurs=blurs)
    save_generator(build_generator("tiny", architecture=own), tmp_path / "a.keras")

    taken = take_noise(tmp_path / "a.keras", ARCHITECTURES["tiny"])

    assert taken == own
    assert (
        take_noise(tmp_path / "a.keras", ARCHITECTURES["johnson"])
        == (ARCHITECTURES["johnson"])
    )
