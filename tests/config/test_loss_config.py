import ast
import pathlib
import sys

import pytest

import fast_style
from fast_style.config.loss_config import LossConfig
from fast_style.losses.networks.registry import NETWORKS

PACKAGE = pathlib.Path(fast_style.__file__).parent


def test_the_default_layers_are_those_of_the_default_network():
    config = LossConfig()

    layers = {*config.style_layers, *config.content_layers}
    assert layers <= set(NETWORKS[config.loss_network].layers)


@pytest.mark.parametrize("network", NETWORKS)
def test_every_network_of_the_registry_can_be_named(network):
    layer = next(iter(NETWORKS[network].layers))

    config = LossConfig(
        loss_network=network, style_layers=layer, content_layers=(layer,)
    )

    assert config.loss_network == network


@pytest.mark.parametrize(
    "options",
    [
        {"loss_network": "alexnet"},
        {"style_statistics": "mean"},
        {"scaling": "none"},
        {"loss_network_pooling": "sum"},
        {"loss_network_pooling": "average"},  # The pocket network knows no other.
        {"loss_network_padding": "ones"},
        {"style_distance": "cubed"},
        {"style_weight": -1.0},
        {"content_weight": float("nan")},
        {"style_layers": ()},
        {"style_layers": ("r",)},
        {"style_layers": ("relu1_1", "relu1_1")},
        {"style_layers": ("relux_9",)},
        {"style_layers": (1,)},
        {"content_layers": ("relu3_1",)},
        {"style_layer_weights": (1.0, float("inf"), 1.0, 1.0)},
        {"style_layer_weights": (1.0,)},
        {"content_levels": (0.5, -0.5)},
        {"content_levels": ()},
        {"style_levels": ()},
        {"style_levels": (0.5, -0.5)},
    ],
    ids=str,
)
def test_impossible_values_are_refused_by_name(options):
    with pytest.raises((ValueError, TypeError), match=f"`{next(iter(options))}`"):
        LossConfig(**options)


def test_a_layer_that_the_network_lacks_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match=r"of the loss network vgg16.*'relu2_2'\?"):
        LossConfig(loss_network="vgg16", style_layers=("relu2_2x",))


def test_levels_are_as_many_as_the_longer_list():
    config = LossConfig(style_levels=(1.0,), content_levels=(0.0, 0.0, 1.0))

    assert config.num_levels == 3


def test_the_smallest_side_halves_to_one_activation_of_the_deepest_layer():
    options = {"loss_network": "vgg16", "style_levels": (1,), "content_levels": (0, 1)}
    config = LossConfig(**options, style_layers="relu1_1", content_layers="relu4_1")

    assert config.smallest_side == 8 * 2


REGISTRIES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("registry.py"))


@pytest.mark.parametrize(
    "path", [*REGISTRIES, pathlib.Path("models/architectures.py")], ids=str
)
def test_registries_which_configs_ask_import_nothing_of_the_library(path):
    tree = ast.parse((PACKAGE / path).read_text(encoding="utf-8"))
    imported = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
        )
    }

    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
