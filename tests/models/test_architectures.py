import dataclasses

import numpy as np
import pytest

from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.architectures import list_weight_shapes
from fast_style.models.generator import build_generator

OWN = {
    **ARCHITECTURES,
    "skip without noise": dataclasses.replace(
        ARCHITECTURES["tiny"], noise_channels=0, refine=(8, 6), num_residual_blocks=0
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
}


@pytest.mark.parametrize(
    ("name", "count"), [("johnson", 1_674_432), ("fast", 419_904), ("tiny", 69_984)]
)
def test_kernels_have_the_documented_number_of_weights(name, count):
    shapes = list_weight_shapes(ARCHITECTURES[name]).values()

    assert sum(int(np.prod(shape)) for shape in shapes if len(shape) == 4) == count


@pytest.mark.parametrize("name", OWN)
def test_weights_are_those_of_the_network_that_is_built(name):
    generator = build_generator("own", architecture=OWN[name])

    weights = {w.path: tuple(w.shape) for w in generator.weights}

    listed = list_weight_shapes(OWN[name])
    assert listed == weights
    assert list(listed) == list(weights)
