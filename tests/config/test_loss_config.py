import ast
import copy
import dataclasses
import inspect
import pathlib
import pickle
import sys

import pytest

import fast_style
from fast_style.config.loss_config import list_fields
from fast_style.config.loss_config import LossConfig
from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import StyleTerm
from fast_style.config.optimize_config import OptimizeConfig
from fast_style.config.train_config import TrainConfig
from fast_style.losses.networks.registry import NETWORKS

PACKAGE = pathlib.Path(fast_style.__file__).parent


def make_train_config(**options):
    return TrainConfig(style_image="style.jpg", train_images="photos", **options)


def pickle_and_read(config):
    return pickle.loads(pickle.dumps(config))


MAKERS = [LossConfig, OptimizeConfig, make_train_config]
COPIERS = [copy.copy, copy.deepcopy, pickle_and_read, dataclasses.replace]


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


class TestUnknownFields:
    @pytest.mark.parametrize("make", MAKERS)
    @pytest.mark.parametrize(
        ("name", "hint"),
        [
            ("style_wieght", r" Did you mean 'style_weight'\?"),
            ("term", r" Did you mean 'terms'\?"),
            ("zzzz", ""),
        ],
    )
    def test_are_answered_with_the_nearest(self, make, name, hint):
        with pytest.raises(TypeError, match=rf"^There is no field '{name}'\.{hint}$"):
            make(**{name: 3})

    def test_are_refused_in_a_replacement_too(self):
        with pytest.raises(TypeError, match=r"Did you mean 'tv_weight'\?"):
            dataclasses.replace(LossConfig(), tv_wieght=3)

    @pytest.mark.parametrize("config_class", [LossConfig, TrainConfig, OptimizeConfig])
    def test_are_not_in_the_signature_which_has_all_others(self, config_class):
        parameters = inspect.signature(config_class).parameters

        names = [field.name for field in dataclasses.fields(config_class)]
        assert list(parameters) == names


class TestCopies:
    @pytest.fixture(params=MAKERS)
    def config(self, request):
        terms = {"mine": StyleTerm(layers="relu1_1", temperature=1.5)}
        return request.param(tv_weight=0.25, terms=terms)

    @pytest.mark.parametrize("copied", COPIERS)
    def test_are_equal(self, config, copied):
        other = copied(config)

        assert type(other) is type(config)
        assert other == config

    @pytest.mark.parametrize("copied", COPIERS)
    def test_have_terms_of_their_own(self, config, copied):
        other = copied(config)

        other.terms["mine"].weight = 7.0
        other.terms["more"] = StyleTerm(layers="relu1_2")

        assert list(config.terms) == ["mine"]
        assert config.terms["mine"].weight == 1.0


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


@pytest.mark.parametrize("config_class", [LossConfig, TrainConfig, OptimizeConfig])
def test_fields_that_can_be_text_are_all_but_the_terms(config_class):
    names = {field.name for field in dataclasses.fields(config_class)}

    assert set(list_fields(config_class)) == names - {"terms"}


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
