"""What several test files of this wing need."""

import numpy as np
import pytest

from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import StyleTerm


@pytest.fixture
def make_picture(rng):
    """Makes uint8 pictures of a height and a width, another one with each call."""

    def make(height, width):
        # Smooth, with some noise, so that no ReLU is near its kink everywhere.
        y, x = np.mgrid[:height, :width][..., None] / 8
        waves = np.sin(x + rng.uniform(0, 6, 3)) * np.cos(y + rng.uniform(0, 6))
        noisy = 127 + 90 * waves + rng.normal(0, 8, waves.shape)
        return np.clip(noisy, 0, 255).astype("uint8")

    return make


@pytest.fixture
def quick():
    """Options with which `optimize` takes less than a second."""
    network = {"network": "vgg16", "network_weights": "random"}
    return {
        "terms": {
            "content": ContentTerm(**network, layers="relu2_1", levels=(0.0, 1.0)),
            "style": StyleTerm(
                **network, layers=("relu1_1", "relu2_1"), levels=(0.5, 0.5)
            ),
        },
        "image_size": 48,
        "num_steps": 4,
        "is_verbose": False,
    }
