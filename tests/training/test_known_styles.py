import dataclasses
import itertools

import keras
import numpy as np
from PIL import Image
import pytest

from fast_style import samples
from fast_style.config.config_files import read_config
from fast_style.inference.looking import look_at
from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.conditions import Conditions
from fast_style.models.generator import build_generator
from fast_style.models.saving import save_generator
from fast_style.models.style_files import fold
from fast_style.models.style_files import read_style
from fast_style.models.style_files import to_trained_style
from fast_style.training.known_styles import find_components
from fast_style.training.making import make_trainer

STYLES = ("wave", "night", "scream")


@pytest.fixture(autouse=True)
def seed():
    keras.utils.set_random_seed(0)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """The file of a generator of three styles that differ much."""
    conditions = Conditions(names=STYLES, strengths=(0.4, 0.7, 1.0))
    architecture = dataclasses.replace(ARCHITECTURES["fast"], num_conditions=9)
    generator = build_generator("fast", architecture=architecture)
    generator.conditions = conditions
    rng = np.random.default_rng(0)
    for weights in generator.weights:
        if len(weights.shape) == 2:
            weights.assign(weights + rng.normal(0, 0.3, weights.shape))
    path = tmp_path_factory.mktemp("source") / "source.keras"
    save_generator(generator, path)
    return path


def get_numbers(style, shares):
    """Returns all scales and shifts of a mixture, one after the other."""
    weights = fold(style, shares).weights
    return np.concatenate(
        [v for k, v in weights.items() if k.endswith(("gamma", "beta"))]
    )


@pytest.mark.parametrize("strength", [0.4, 0.55, 1.0])
def test_components_are_what_the_styles_differ_in(source, strength):
    style = read_style(source)
    strengths = style.conditions.strengths

    rows, seen = find_components(style, STYLES, strengths)

    np.testing.assert_allclose((seen**2).mean(axis=0), 1, rtol=1e-5)
    rows = np.concatenate(list(rows.values()), axis=-1)
    assert rows.shape[:2] == (1 + seen.shape[1], 3)
    shares = {0.4: [1, 0, 1], 0.55: [0.5, 0.5, 1], 1.0: [0, 0, 1]}[strength]
    mean, *components = np.einsum("rsf,s->rf", rows, shares)
    for each, name in zip(seen, STYLES, strict=True):
        expected = get_numbers(style, style.conditions.mix({name: 1}, strength))
        found = mean + each @ np.stack(components)
        np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("min_style_weight", [0.0, 0.1])
def test_known_paintings_begin_as_they_were(source, tmp_path, min_style_weight, caplog):
    with Image.open(samples.STYLE_IMAGE) as strokes:
        strokes.save(tmp_path / "wave.png")
        strokes.convert("L").save(tmp_path / "night.png")
    Image.linear_gradient("L").save(tmp_path / "unknown.png")
    changes = {
        "style_image": "",
        "style_images": tmp_path,
        "generator": "arbitrary",
        "min_style_weight": min_style_weight,
        "init_from": source,
        "image_size": 64,  # Less of a painting looks like another.
    }
    overrides = [f"--config.{k}={v}" for k, v in changes.items()]
    trainer = make_trainer(read_config("smoke", overrides))

    assert "are named after: wave, night." in caplog.text
    style, known = to_trained_style(trainer.generator), read_style(source)
    mean = get_numbers(known, known.conditions.mix(dict.fromkeys(STYLES, 1)))
    strengths = style.predictor.strengths
    for name, strength in itertools.product(("night", "wave"), strengths):
        statistics = look_at(tmp_path / f"{name}.png", 64)
        shares = style.predictor.mix(style.predictor.predict(statistics), strength)
        differs = get_numbers(style, shares) - mean
        expected = known.conditions.mix({name: 1}, strength)
        expected = get_numbers(known, expected) - mean
        error = np.square(differs - expected).mean()
        assert error < 0.01 * np.square(expected).mean()
    assert trainer.optimizer.convolution_rate == 0.1
    assert trainer.optimizer.table_rate == 1


def test_without_known_paintings_all_begin_with_the_mean(source, tmp_path, caplog):
    with Image.open(samples.STYLE_IMAGE) as strokes:
        strokes.save(tmp_path / "wave.png")
    (tmp_path / "night.png").write_bytes(b"no picture")
    changes = {
        "style_image": "",
        "style_images": tmp_path,
        "generator": "arbitrary",
        "init_from": source,
    }
    overrides = [f"--config.{k}={v}" for k, v in changes.items()]
    trainer = make_trainer(read_config("smoke", overrides))

    assert "night.png is left out" in caplog.text
    assert trainer.optimizer.convolution_rate == 1
    known = read_style(source)
    mean = get_numbers(known, known.conditions.mix(dict.fromkeys(STYLES, 1)))
    shares = np.asarray(trainer.draw.show(0))[0]
    numbers = get_numbers(to_trained_style(trainer.generator), shares)
    np.testing.assert_allclose(numbers, mean, atol=1e-5)
