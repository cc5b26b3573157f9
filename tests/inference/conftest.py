"""Generators whose graphs are compared."""

import dataclasses

import keras
import numpy as np
import pytest

from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.conditions import Conditions
from fast_style.models.generator import build_generator
from fast_style.models.predictor import list_predictor_shapes
from fast_style.models.predictor import Predictor
from fast_style.models.saving import save_generator


@pytest.fixture(scope="package", params=["johnson", "fast", "tiny"])
def any_generator(request):
    """Each generator, with scales and shifts that are neither ones nor zeros."""
    return _build(request.param)


@pytest.fixture(scope="package")
def wide_generator():
    """One whose output would leave [0, 255]."""
    generator = _build("tiny", output_gain=150.0)
    generator.get_layer("end_conv").bias.assign([9.0, -9.0, 0.0])
    return generator


@pytest.fixture(
    scope="package",
    params=[
        {"interpolation": "nearest"},
        {"noise_channels": 0, "has_skip": False},
        {"refine": (), "has_skip": False},
        {"down": ((16, 5, 4), (32, 3, 1)), "end_kernel_size": 3},
        {"refine": (8, 4)},
        {
            "down": ((8, 5, 2), (16, 3, 2), (32, 3, 2)),
            "up": (16, 8, 8),
            "has_inner_skips": True,
        },
    ],
    ids=str,
)
def own_generator(request):
    """`tiny` with something changed."""
    return _build("tiny", **request.param)


def _build(name, **changes):
    # Rounding is multiplied by what the weights happen to be, in tiny pictures.
    keras.utils.set_random_seed(0)
    own = build_generator(name).architecture
    if changes:
        own = dataclasses.replace(own, **changes)
    generator = build_generator(name, architecture=own)
    rng = np.random.default_rng(1)
    for weights in generator.weights:
        if len(weights.shape) == 1:
            weights.assign(rng.normal(weights.numpy().mean(), 0.2, weights.shape))
    return generator


@pytest.fixture(scope="package")
def any_path(tmp_path_factory):
    """A `.keras` file of a generator of any style."""
    rng = np.random.default_rng(0)
    arrays = {
        name: rng.normal(0, 0.1, shape).astype("float32")
        for name, shape in list_predictor_shapes(5, 4).items()
    }
    arrays["hidden_kernel"] *= 50  # Paintings are to differ.
    predictor = Predictor(**arrays, strengths=(0.5, 1.0))
    architecture = dataclasses.replace(ARCHITECTURES["tiny"], num_conditions=10)
    generator = build_generator("arbitrary", architecture=architecture)
    for weights in generator.weights:
        if len(weights.shape) == 2:
            weights.assign(weights * 0.1 + rng.normal(0, 0.2, weights.shape))
    generator.make_predictor = lambda: predictor
    path = tmp_path_factory.mktemp("any") / "any.keras"
    save_generator(generator, path)
    return path


@pytest.fixture(scope="package")
def make_several():
    """Makes generators of three styles: `wave`, `night` and `scream`."""

    def make(strengths, *, deviation=0.1):
        keras.utils.set_random_seed(0)
        rng = np.random.default_rng(0)
        names = ("wave", "night", "scream")
        conditions = Conditions(names=names, strengths=strengths)
        architecture = dataclasses.replace(
            ARCHITECTURES["tiny"], num_conditions=conditions.num_rows
        )
        generator = build_generator("tiny", architecture=architecture)
        generator.conditions = conditions
        for weights in generator.weights:
            if len(weights.shape) == 2:
                weights.assign(weights + rng.normal(0, deviation, weights.shape))
        return generator

    return make
