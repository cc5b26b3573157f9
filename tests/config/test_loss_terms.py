import copy
import dataclasses

import pytest

from fast_style.config.loss_config import LossConfig
from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import convert_terms
from fast_style.config.loss_terms import KINDS
from fast_style.config.loss_terms import StyleTerm
from fast_style.losses.networks.registry import NETWORKS

NAN, INFINITY = float("nan"), float("inf")
VGG_LAYERS = ("relu1_1", "relu2_1")
# Beside a network, layers and kind, which are given with each.
IMPOSSIBLE_IN_ANY = [
    {"network": "alexnet"},
    {"network": 3},
    {"network_weights": None},
    {"pooling": "sum"},
    {"padding": "ones"},
    {"weight": -1.0},
    {"weight": NAN},
    {"weight": "2"},
    {"layers": ()},
    {"layers": ("r",)},
    {"layers": ("relu1_1", "relu1_1")},
    {"layers": ("relux_9",)},
    {"layers": ("fire4",)},  # Of another network.
    {"layers": (1,)},
    {"layer_weights": (1.0, INFINITY)},
    {"layer_weights": (1.0, -1.0)},
    {"layer_weights": (1.0,)},
    {"levels": ()},
    {"levels": (0.5, -0.5)},
    {"levels": (NAN,)},
]
IMPOSSIBLE_IN_STYLE = [
    {"statistics": "mean"},
    {"distance": "cubed"},
    {"temperature": -1.0},
    {"temperature": INFINITY},
]
IMPOSSIBLE_IN_CONTENT = [{"normalization": "batch"}]


class TestOneTerm:
    @pytest.mark.parametrize("network", NETWORKS)
    @pytest.mark.parametrize("kind", KINDS)
    def test_every_network_of_the_registry_can_be_named(self, network, kind):
        layer = next(iter(NETWORKS[network].layers))

        term = KINDS[kind](network=network, layers=layer)

        assert (term.kind, term.network, term.layers) == (kind, network, (layer,))

    @pytest.mark.parametrize("network", NETWORKS)
    def test_it_pools_only_as_its_network_can(self, network):
        layer = next(iter(NETWORKS[network].layers))
        can_average = network in ("vgg16", "vgg19")

        if can_average:
            StyleTerm(network=network, layers=layer, pooling="average")
        else:
            with pytest.raises(ValueError, match=r"`pooling` must be one of max\."):
                StyleTerm(network=network, layers=layer, pooling="average")

    def test_lists_and_single_values_become_what_the_fields_hold(self):
        term = StyleTerm(layers=["relu1_1", "relu1_2"], levels=1, weight=2)

        assert term.layers == ("relu1_1", "relu1_2")
        assert term.levels == (1.0,)
        assert isinstance(term.weight, float)

    def test_words_with_commas_become_layers(self):
        assert ContentTerm(layers="relu1_1, relu2_1").layers == VGG_LAYERS

    def test_there_is_none_without_layers(self):
        with pytest.raises(TypeError, match="'layers'"):
            StyleTerm()

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("options", IMPOSSIBLE_IN_ANY, ids=str)
    def test_impossible_values_are_refused_by_name(self, kind, options):
        fields = {"network": "vgg16", "layers": VGG_LAYERS, **options}

        with pytest.raises((ValueError, TypeError), match=f"^`{next(iter(options))}`"):
            KINDS[kind](**fields)

    @pytest.mark.parametrize("options", IMPOSSIBLE_IN_STYLE, ids=str)
    def test_those_of_style_too(self, options):
        with pytest.raises(ValueError, match=f"^`{next(iter(options))}`"):
            StyleTerm(layers=VGG_LAYERS, **options)

    @pytest.mark.parametrize("options", IMPOSSIBLE_IN_CONTENT, ids=str)
    def test_and_those_of_content(self, options):
        with pytest.raises(ValueError, match=f"^`{next(iter(options))}`"):
            ContentTerm(layers=VGG_LAYERS, **options)

    def test_a_layer_that_the_network_lacks_is_answered_with_the_nearest(self):
        with pytest.raises(ValueError, match=r"of the loss network vgg16.*'relu2_2'\?"):
            StyleTerm(network="vgg16", layers=("relu2_2x",))

    @pytest.mark.parametrize(
        ("levels", "expected"),
        [
            ((1.0,), 1),
            ((0.0, 0.0, 1.0), 3),
            ((1.0, 0.0, 0.5, 0.0, 0.0), 3),
            ((1.0, 0.0), 1),
            ((0.0, 0.0), 1),
        ],
    )
    def test_levels_count_up_to_the_last_with_a_weight(self, levels, expected):
        assert StyleTerm(layers="relu1_1", levels=levels).num_levels == expected

    @pytest.mark.parametrize(
        ("levels", "expected"),
        [((1,), 8), ((0, 1), 16), ((0, 1, 0), 16)],
    )
    def test_the_smallest_side_leaves_one_activation(self, levels, expected):
        layers = ("relu1_1", "relu4_1")
        term = StyleTerm(network="vgg16", layers=layers, levels=levels)

        assert term.smallest_side == expected

    def test_layers_weigh_the_same_unless_told(self):
        equal = StyleTerm(layers=VGG_LAYERS)
        told = StyleTerm(layers=VGG_LAYERS, layer_weights=(1, 3))

        assert equal.weights_of_layers == {"relu1_1": 0.5, "relu2_1": 0.5}
        assert told.weights_of_layers == {"relu1_1": 1.0, "relu2_1": 3.0}


class TestTermsOfALoss:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("options", IMPOSSIBLE_IN_ANY, ids=str)
    def test_impossible_values_are_refused_with_the_name_of_the_term(
        self, kind, options
    ):
        fields = {"kind": kind, "network": "vgg16", "layers": VGG_LAYERS, **options}

        with pytest.raises(
            (ValueError, TypeError), match=f"^`terms.mine`: `{next(iter(options))}`"
        ):
            LossConfig(terms={"mine": fields})

    @pytest.mark.parametrize("kind", [None, "texture", "", 3])
    def test_each_has_one_of_the_kinds(self, kind):
        with pytest.raises(
            ValueError, match=r"^`terms.mine.kind` must be one of style"
        ):
            LossConfig(terms={"mine": {"kind": kind, "layers": VGG_LAYERS}})

    @pytest.mark.parametrize("kind", KINDS)
    def test_each_has_layers(self, kind):
        with pytest.raises(
            ValueError, match=r"^`terms.mine.layers` must name at least"
        ):
            LossConfig(terms={"mine": {"kind": kind}})

    @pytest.mark.parametrize(
        ("kind", "field", "hint"),
        [
            ("style", "wieght", r" Did you mean 'weight'\?"),
            ("content", "layer", r" Did you mean 'layers'\?"),
            ("content", "statistics", ""),  # That of another kind.
            ("style", "normalization", ""),
        ],
    )
    def test_an_unknown_field_is_answered_with_the_nearest(self, kind, field, hint):
        fields = {"kind": kind, "layers": VGG_LAYERS, field: 1}

        with pytest.raises(
            ValueError, match=rf"'{field}' in the {kind} term `terms.mine`\.{hint}$"
        ):
            LossConfig(terms={"mine": fields})

    @pytest.mark.parametrize(
        "name",
        [
            *("", "2nd", "my term", "a.b", "a-b", "a=b", 3, None),
            *("all", "tv", "loss", "step", "seconds", "learning_rate", "gradient_norm"),
        ],
    )
    def test_names_are_words_and_no_columns_of_logs(self, name):
        with pytest.raises(ValueError, match=f"name of a term .*Received: {name!r}$"):
            LossConfig(terms={name: StyleTerm(layers="relu1_1")})

    @pytest.mark.parametrize("name", ["a", "fine_strokes", "level2", "NAME", "größe"])
    def test_other_words_are_names(self, name):
        assert list(LossConfig(terms={name: StyleTerm(layers="relu1_1")}).terms) == [
            name
        ]

    @pytest.mark.parametrize("terms", [None, [], "content", 3])
    def test_anything_but_a_dict_is_refused(self, terms):
        with pytest.raises(TypeError, match=r"^`terms` must be a dict from name to"):
            LossConfig(terms=terms)

    @pytest.mark.parametrize("term", [None, "style", [], StyleTerm])
    def test_nor_is_anything_but_a_term_taken_as_one(self, term):
        with pytest.raises(TypeError, match=r"^`terms.mine` must be a `StyleTerm` or"):
            LossConfig(terms={"mine": term})

    def test_fields_make_the_same_term_as_its_class(self):
        term = ContentTerm(layers=VGG_LAYERS, weight=2, normalization="instance")
        fields = {"kind": "content", "layers": ["relu1_1", "relu2_1"], "weight": 2}
        fields["normalization"] = "instance"

        assert convert_terms({"a": fields}) == convert_terms({"a": term}) == {"a": term}

    def test_their_order_stays(self):
        names = ["z", "a", "m"]
        terms = {name: StyleTerm(layers="relu1_1") for name in names}

        assert list(convert_terms(terms)) == names


class TestWhoseTheyAre:
    def test_a_config_keeps_none_of_the_callers_terms(self):
        mine = {"a": StyleTerm(layers="relu1_1"), "b": ContentTerm(layers="relu1_1")}
        config = LossConfig(terms=mine)

        mine["a"].weight = 7.0
        del mine["b"]

        assert config.terms["a"].weight == 1.0
        assert list(config.terms) == ["a", "b"]

    def test_fields_of_the_caller_stay_as_they_are(self):
        mine = {"a": {"kind": "style", "layers": ["relu1_1"], "weight": 2}}
        before = copy.deepcopy(mine)

        LossConfig(terms=mine)

        assert mine == before

    def test_two_configs_share_none(self):
        first, second = LossConfig(), LossConfig()
        replaced = dataclasses.replace(first, style_weight=2.0)

        first.terms["style"].weight = 7.0

        assert second.terms["style"].weight != 7.0
        assert replaced.terms["style"].weight != 7.0
