"""A training for any style, from a folder of pictures."""

import json

import numpy as np
from PIL import Image
import pytest

from fast_style import samples
from fast_style.config.config_files import read_config
from fast_style.evaluation.evaluation import evaluate
from fast_style.losses.networks.making import make_loss_network
from fast_style.models.predictor import NUM_SEEN
from fast_style.models.predictor import NUM_STATISTICS
from fast_style.models.predictor import STATISTIC_LAYERS
from fast_style.models.saving import load_generator
from fast_style.models.style_files import fold
from fast_style.models.style_files import read_style
from fast_style.training.making import make_trainer
from fast_style.training.painting_statistics import measure_paintings
from fast_style.training.run import train


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("paintings")
    with Image.open(samples.STYLE_IMAGE) as strokes:
        strokes.save(folder / "upright.png")
        strokes.convert("L").resize((300, 200)).save(folder / "grey.jpg")
    return folder


def make_config(folder, **changes):
    changes = {
        "style_image": "",
        "style_images": folder,
        "generator": "arbitrary",
        "min_style_weight": 0.1,
        "num_steps": 4,
        **changes,
    }
    return read_config("smoke", [f"--config.{k}={v}" for k, v in changes.items()])


@pytest.fixture(scope="module")
def path(folder, tmp_path_factory):
    return train(make_config(folder), tmp_path_factory.mktemp("runs") / "any")


def test_the_file_has_what_looks_at_paintings(path):
    style = read_style(path)

    assert style.conditions is None
    assert style.predictor.strengths == (0.4, 0.7, 1.0)
    assert style.predictor.num_rows == 3 * NUM_SEEN
    assert style.architecture.num_conditions == 3 * NUM_SEEN


def test_paintings_that_differ_give_styles_that_differ(path, rng):
    style = read_style(path)
    statistics = rng.normal(size=(2, NUM_STATISTICS))

    seen = [style.predictor.predict(each) for each in statistics]

    assert seen[0].shape == (NUM_SEEN,)
    assert seen[0][0] == seen[1][0] == 1
    assert np.abs(seen[0] - seen[1]).max() > 0.1
    plain = fold(style, style.predictor.mix(seen[0]))
    assert plain.architecture.num_conditions == 0
    assert plain.predictor is None


@pytest.mark.slow
def test_it_is_trained(folder, path):
    begun = make_trainer(make_config(folder))
    trained = read_style(path).predictor

    first = begun.generator.make_predictor()
    np.testing.assert_array_equal(trained.offset, first.offset)
    assert np.abs(trained.kernel - first.kernel).max() > 0


def test_begins_with_another_style_whatever_the_painting_is(folder):
    config = make_config(folder, init_from="starry_night")
    trainer = make_trainer(config)
    known = load_generator("fast_style/styles/starry_night.keras")
    rng = np.random.default_rng(0)
    images = rng.uniform(0, 255, (2, 32, 32, 3)).astype("float32")

    stylized = trainer((images, images[::-1]))

    np.testing.assert_allclose(stylized, known(images), atol=0.05)


def test_statistics_are_those_of_the_features(rng):
    network = make_loss_network("vgg16", STATISTIC_LAYERS, padding="zeros")
    paintings = rng.uniform(0, 255, (2, 64, 80, 3)).astype("float32")

    statistics = np.asarray(measure_paintings(network, paintings))

    assert statistics.shape == (2, NUM_STATISTICS)
    colours = paintings[1].reshape(-1, 3) / 255
    covariance = np.cov(colours.T, bias=True)
    np.testing.assert_allclose(statistics[1, :3], colours.mean(axis=0), rtol=1e-4)
    np.testing.assert_allclose(
        statistics[1, 3:9], covariance[np.triu_indices(3)], atol=1e-5
    )
    last = np.asarray(network(paintings, ("relu3_1",))["relu3_1"])[1].reshape(-1, 256)
    np.testing.assert_allclose(
        statistics[1, -512:-256], last.mean(axis=0), rtol=1e-3, atol=1e-3
    )
    np.testing.assert_allclose(
        statistics[1, -256:], last.std(axis=0), rtol=1e-3, atol=2e-3
    )


def test_without_pictures_it_cannot_learn():
    with pytest.raises(ValueError, match="from which generator='arbitrary' learns"):
        make_config("", style_image="a.jpg")


@pytest.mark.slow
def test_goes_on_from_another_of_its_kind(folder, path):
    trainer = make_trainer(make_config(folder, init_from=path))

    begun, trained = trainer.generator.make_predictor(), read_style(path)
    for name, array in trained.predictor.to_arrays().items():
        np.testing.assert_array_equal(getattr(begun, name), array)
    for one, other in zip(
        trainer.generator.get_weights(), trained.weights.values(), strict=True
    ):
        np.testing.assert_array_equal(one, other)


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes", [{"generator": "fast"}, {"min_style_weight": 0}], ids=str
)
def test_begins_no_other_training(folder, path, changes):
    with pytest.raises(ValueError, match="`init_from` paints like any picture"):
        make_trainer(make_config(folder, init_from=path, **changes))


@pytest.mark.slow
def test_is_measured_with_paintings(folder, path, tmp_path):
    photos = samples.PHOTOS

    evaluate(path, photos, tmp_path, image_size=64, max_photos=1)

    report = json.loads((tmp_path / "report.json").read_text())
    assert list(report["styles"]) == ["grey", "upright"]
    assert report["styles"]["grey"]["is_known"]
    assert (
        "| [grey](grey/report.md), trained on |" in (tmp_path / "report.md").read_text()
    )
    one = evaluate(
        path, photos, tmp_path / "one", style_image=photos / "cat.jpg",
        image_size=64, max_photos=1, num_lbfgs_photos=0,
    )  # fmt: skip
    assert one["style"] == "cat"
    assert not one["is_known"]
