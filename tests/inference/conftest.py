"""Generators whose graphs are compared."""

import dataclasses

import keras
import numpy as np
import pytest

from fast_style.models.generator import build_generator


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
