"""What a loss was before it could have any number of terms."""

import pytest

from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import StyleTerm


@pytest.fixture
def old_fields():
    """Fields as the last version that had them wrote them in JSON."""
    return {
        "loss_network": "vgg16",
        "loss_network_weights": "random",
        "loss_network_pooling": "average",
        "loss_network_padding": "zeros",
        "style_layers": ["relu1_1", "relu2_1"],
        "style_layer_weights": [1.0, 3.0],
        "style_levels": [0.5, 0.5],
        "content_layers": ["relu2_1"],
        "content_layer_weights": [2.0],
        "content_levels": [0.0, 1.0],
        "style_statistics": "gram",
        "style_distance": "squared",
    }


@pytest.fixture
def old_terms():
    """The terms that `old_fields` mean."""
    network = {
        "network": "vgg16",
        "network_weights": "random",
        "pooling": "average",
        "padding": "zeros",
    }
    return {
        "content": ContentTerm(
            **network, layers=("relu2_1",), layer_weights=(2.0,), levels=(0.0, 1.0)
        ),
        "style": StyleTerm(
            **network,
            layers=("relu1_1", "relu2_1"),
            layer_weights=(1.0, 3.0),
            levels=(0.5, 0.5),
            statistics="gram",
            distance="squared",
        ),
    }
