import dataclasses

import numpy as np
import pytest

from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.architectures import list_kernel_shapes
from fast_style.models.generator import build_generator

OWN = {
    **ARCHITECTURES,
    "skip without noise": dataclasses.replace(
        ARCHITECTURES["tiny"], noise_channels=0, refine=(8, 6), num_residual_blocks=0
    ),
    "noise without skip": dataclasses.replace(
        ARCHITECTURES["johnson"], noise_channels=2, num_residual_blocks=1
    ),
}


@pytest.mark.parametrize(
    ("name", "count"), [("johnson", 1_674_432), ("fast", 419_904), ("tiny", 69_984)]
)
def test_kernels_have_the_documented_number_of_weights(name, count):
    shapes = list_kernel_shapes(ARCHITECTURES[name])

    assert sum(int(np.prod(shape)) for shape in shapes) == count


@pytest.mark.parametrize("name", OWN)
def test_kernels_are_those_of_the_network_that_is_built(name):
    generator = build_generator("own", architecture=OWN[name])

    kernels = [tuple(w.shape) for w in generator.weights if len(w.shape) == 4]

    assert list_kernel_shapes(OWN[name]) == kernels
