import dataclasses

import numpy as np
import pytest

from fast_style.config.loss_config import LossConfig
from fast_style.losses.making import make_perceptual_loss
from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.perceptual import PerceptualLoss
from fast_style.losses.terms import TERMS


@pytest.fixture
def pictures(rng):
    return rng.uniform(0, 255, (3, 32, 32, 3)).astype("float32")


def compute(loss, pictures):
    terms = loss(content=pictures[1:2], stylized=pictures[2:3])
    return [float(terms[term]) for term in TERMS]


def test_is_the_loss_that_the_config_describes(pictures):
    weights = {"content_weight": 2.0, "style_weight": 3.0, "tv_weight": 5.0}
    levels = {"style_levels": (0.5, 0.5), "content_levels": (1.0,)}
    config = LossConfig(
        loss_network="vgg16",
        loss_network_weights="random",
        loss_network_padding="symmetric",
        loss_network_pooling="average",
        style_layers=("relu1_1", "relu2_1"),
        style_layer_weights=(0.3, 0.7),
        content_layers=("conv2_1",),
        style_statistics="gram",
        style_distance="squared",
        **levels,
        **weights,
    )
    options = {"padding": "symmetric", "pooling": "average", "seed": 4}
    layers = ("relu1_1", "relu2_1", "conv2_1")
    expected = PerceptualLoss(
        make_loss_network("vgg16", layers, weights="random", **options),
        list(pictures[:2]),
        style_image_weights=(1.0, 2.0),
        style_layers={"relu1_1": 0.3, "relu2_1": 0.7},
        content_layers={"conv2_1": 1.0},
        statistics="gram",
        distance="squared",
        **levels,
        **weights,
    )

    loss = make_perceptual_loss(
        config, list(pictures[:2]), style_image_weights=(1.0, 2.0), seed=4
    )

    assert compute(loss, pictures) == compute(expected, pictures)


def test_the_default_needs_no_download(pictures):
    loss = make_perceptual_loss(LossConfig(), pictures[0])

    assert loss.loss_network.name == "pocket"
    assert np.all(np.isfinite(compute(loss, pictures)))


@pytest.mark.parametrize("term", TERMS)
def test_each_weight_multiplies_its_term(pictures, term):
    config = LossConfig()
    field = f"{term}_weight"
    twice = dataclasses.replace(config, **{field: 2 * getattr(config, field)})

    before = compute(make_perceptual_loss(config, pictures[0]), pictures)
    after = compute(make_perceptual_loss(twice, pictures[0]), pictures)

    factors = [2.0 if name == term else 1.0 for name in TERMS]
    np.testing.assert_allclose(np.divide(after, before), factors, rtol=1e-5)


def test_layers_without_weights_count_alike(pictures):
    config = LossConfig(style_layers=("relu1_1", "relu1_2"), content_layers="relu2_2")

    loss = make_perceptual_loss(config, pictures[0])

    assert loss.style_layers == {"relu1_1": 0.5, "relu1_2": 0.5}
    assert loss.content_layers == {"relu2_2": 1.0}
