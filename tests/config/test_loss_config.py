import ast
import dataclasses
import pathlib
import sys

import pytest

import fast_style
from fast_style.config.fields import parse_field
from fast_style.config.loss_config import list_fields
from fast_style.config.loss_config import LossConfig
from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import StyleTerm
from fast_style.config.optimize_config import OptimizeConfig
from fast_style.config.renames import OLD_TERM_FIELDS
from fast_style.config.train_config import TrainConfig
from fast_style.losses.networks.registry import NETWORKS

PACKAGE = pathlib.Path(fast_style.__file__).parent


def test_the_default_terms_compare_photo_and_painting_by_layers_that_there_are():
    terms = LossConfig().terms

    assert {term.kind for term in terms.values()} == {"content", "style"}
    assert list(terms) == ["content", "style"]
    for term in terms.values():
        assert set(term.layers) <= set(NETWORKS[term.network].layers)


def test_the_default_terms_need_no_download():
    networks = {(t.network, t.network_weights) for t in LossConfig().terms.values()}

    assert {weights for _, weights in networks} == {""}
    assert {NETWORKS[network].weights[0] for network, _ in networks} == {"bundled"}


@pytest.mark.parametrize(
    "options",
    [
        {"scaling": "none"},
        {"style_weight": -1.0},
        {"style_weight": "3"},
        {"content_weight": float("nan")},
        {"tv_weight": float("inf")},
        {"terms": [StyleTerm(layers="relu1_1")]},
    ],
    ids=str,
)
def test_impossible_values_are_refused_by_name(options):
    with pytest.raises((ValueError, TypeError), match=f"`{next(iter(options))}`"):
        LossConfig(**options)


def test_one_impossible_term_among_others_is_named():
    fine = StyleTerm(layers="relu1_1")
    broken = {"kind": "content", "layers": "relu1_1", "levels": (-1.0,)}

    with pytest.raises(ValueError, match=r"^`terms.broken`: `levels` must be at least"):
        LossConfig(terms={"fine": fine, "broken": broken, "other": fine})


def test_an_unknown_field_is_answered_with_the_nearest():
    with pytest.raises(TypeError, match=r"'style_wieght'\. .*'style_weight'\?"):
        LossConfig(style_wieght=3)


def test_levels_are_as_many_as_those_of_the_term_with_most():
    terms = {
        "style": StyleTerm(layers="relu1_1", levels=(1.0, 0.0, 0.0, 0.0)),
        "content": ContentTerm(layers="relu1_1", levels=(0.0, 0.0, 1.0)),
    }

    assert LossConfig(terms=terms).num_levels == 3


def test_the_smallest_side_halves_to_one_activation_of_the_deepest_layer():
    terms = {
        "style": StyleTerm(network="vgg16", layers="relu1_1", levels=(0, 0, 1)),
        "content": ContentTerm(network="vgg16", layers="relu4_1", levels=(0, 1)),
    }

    # Not at the third level, where only `relu1_1` is compared.
    assert LossConfig(terms=terms).smallest_side == 8 * 2


def test_without_terms_only_the_total_variation_asks_for_pixels():
    config = LossConfig(terms={})

    assert (config.num_levels, config.smallest_side) == (1, 2)


class TestFieldsThatCanBeText:
    @pytest.mark.parametrize("config_class", [LossConfig, TrainConfig, OptimizeConfig])
    def test_are_those_of_the_class_without_terms_and_the_old_ones(self, config_class):
        names = {field.name for field in dataclasses.fields(config_class)}

        expected = (names - {"terms"}) | set(OLD_TERM_FIELDS)
        assert set(list_fields(config_class)) == expected

    @pytest.mark.parametrize(
        ("old", "text", "expected"),
        [
            ("style_layers", "relu1_1, relu2_1", ("relu1_1", "relu2_1")),
            ("content_levels", "0,1", (0.0, 1.0)),
            ("loss_network", "vgg16", "vgg16"),
        ],
    )
    def test_old_ones_are_of_the_type_that_they_had(self, old, text, expected):
        assert parse_field(list_fields(LossConfig)[old], text) == expected


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
