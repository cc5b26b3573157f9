"""Generators that are stylized with in strips."""

import dataclasses

import numpy as np
import pytest

from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.generator import build_generator

OWN = {
    **ARCHITECTURES,
    "wide range": dataclasses.replace(
        ARCHITECTURES["tiny"], output_gain=150.0, num_residual_blocks=0, refine=(8, 6)
    ),
    "noise without skip": dataclasses.replace(
        ARCHITECTURES["johnson"], noise_channels=2, num_residual_blocks=1
    ),
    "inner skips at a stride of 8": dataclasses.replace(
        ARCHITECTURES["tiny"],
        down=((8, 5, 2), (16, 3, 2), (32, 3, 2)),
        num_residual_blocks=1,
        up=(16, 8, 8),
        has_inner_skips=True,
    ),
    "stride of 4": dataclasses.replace(
        ARCHITECTURES["tiny"], down=((16, 5, 4), (32, 3, 1)), interpolation="nearest"
    ),
}


@pytest.fixture(scope="package", params=OWN)
def generator(request):
    generator = build_generator("own", architecture=OWN[request.param])
    rng = np.random.default_rng(1)
    for weights in generator.weights:
        if len(weights.shape) == 1:  # Neither ones nor zeros, so that none is lost.
            weights.assign(rng.normal(weights.numpy().mean(), 0.2, weights.shape))
    return generator
