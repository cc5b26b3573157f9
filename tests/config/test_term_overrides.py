import copy

import pytest

from fast_style.config.loss_config import LossConfig
from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import StyleTerm
from fast_style.config.term_overrides import merge_terms


def make_terms():
    network = {"network": "vgg16", "network_weights": "random"}
    return {
        "faces": ContentTerm(**network, layers="relu2_1", levels=(0, 1)),
        "strokes": StyleTerm(
            **network, layers=("relu1_1", "relu2_1"), layer_weights=(1, 3), weight=2
        ),
    }


def merge(**changes):
    """Returns the terms of a config that has `make_terms` after some changes."""
    fields = {f"terms.{name.replace('__', '.')}": v for name, v in changes.items()}
    return LossConfig(**merge_terms(fields, make_terms())).terms


def test_one_field_is_replaced_and_all_others_stay():
    expected = make_terms()
    expected["strokes"].weight = 0.5

    assert merge(strokes__weight="0.5") == expected


@pytest.mark.parametrize(
    ("field", "given", "expected"),
    [
        ("weight", "3", 3.0),
        ("weight", 3, 3.0),
        ("levels", "0.5, 1e-3", (0.5, 0.001)),
        ("levels", [0.5, 0.001], (0.5, 0.001)),
        ("layer_weights", "(2, 1)", (2.0, 1.0)),
        ("layers", "relu1_1,relu1_2", ("relu1_1", "relu1_2")),
        ("layers", ("relu1_2",), ("relu1_2",)),
        ("network_weights", "my own.npz", "my own.npz"),
    ],
)
def test_texts_and_values_become_what_the_field_holds(field, given, expected):
    changed = getattr(merge(**{f"strokes__{field}": given})["strokes"], field)

    assert changed == expected
    assert type(changed) is type(expected)


def test_fields_of_several_terms_are_replaced_at_once():
    terms = merge(strokes__weight="3", faces__weight="4", faces__padding="zeros")

    assert [term.weight for term in terms.values()] == [4.0, 3.0]
    assert [term.padding for term in terms.values()] == ["zeros", "symmetric"]


def test_a_term_with_kind_and_layers_is_added_last():
    terms = merge(deep__kind="style", deep__layers="layer2.1", deep__network="resnet50")

    assert list(terms) == ["faces", "strokes", "deep"]
    assert terms.pop("deep") == StyleTerm(layers="layer2.1", network="resnet50")
    assert terms == make_terms()


def test_a_weight_of_0_leaves_the_term_in_its_place():
    assert list(merge(faces__weight="0")) == ["faces", "strokes"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"stroke__weight": "2"},
            r"no term 'stroke', but faces, strokes\. Did you mean 'strokes'\?$",
        ),
        (
            {"zzz__weight": "2"},
            r"no term 'zzz'.*To add a term, give `terms.zzz.kind` and "
            r"`terms.zzz.layers`\.$",
        ),
        ({"zzz__kind": "style"}, "no term 'zzz'"),
        ({"zzz__layers": "relu1_1"}, "no term 'zzz'"),
        (
            {"strokes__wieght": "2"},
            r"no field 'wieght' in the style term `terms.strokes`\. Did you mean "
            r"'weight'\?$",
        ),
        ({"strokes": "2"}, "no field '' in the style term `terms.strokes`"),
        ({"strokes__weight__x": "2"}, "no field 'weight.x' in the style term"),
        (
            {"faces__temperature": "2"},
            "no field 'temperature' in the content term `terms.faces`",
        ),
        ({"strokes__weight": "much"}, "^`terms.strokes`: `weight` must be a number"),
        ({"strokes__weight": "-1"}, "^`terms.strokes`: `weight` must be at least 0"),
        ({"strokes__layers": "fire4"}, "^`terms.strokes`: `layers` must be layers of"),
        ({"strokes__kind": "texture"}, "^`terms.strokes.kind` must be one of style"),
        ({"tv__kind": "style", "tv__layers": "relu1_1"}, "name of a term .*'tv'$"),
        ({"__kind": "style", "__layers": "relu1_1"}, "name of a term .*Received: ''$"),
    ],
    ids=str,
)
def test_mistakes_are_explained(changes, message):
    with pytest.raises(ValueError, match=message):
        merge(**changes)


class TestWhatBelongsTogether:
    def test_weights_of_layers_go_with_the_layers(self):
        assert merge(strokes__layers="relu1_1")["strokes"].layer_weights == ()

    def test_unless_new_ones_are_given(self):
        term = merge(strokes__layer_weights="5", strokes__layers="relu1_1")["strokes"]

        assert term.weights_of_layers == {"relu1_1": 5.0}

    def test_weights_of_a_network_go_with_the_network(self):
        terms = merge(strokes__network="vgg19")

        assert terms["strokes"].network_weights == ""
        assert terms["faces"].network_weights == "random"

    def test_unless_new_ones_are_given_too(self):
        changes = {"strokes__network_weights": "a.h5", "strokes__network": "vgg19"}

        assert merge(**changes)["strokes"].network_weights == "a.h5"

    def test_or_the_network_is_named_that_is_there(self):
        assert merge(strokes__network="vgg16")["strokes"].network_weights == "random"

    def test_what_only_one_kind_has_goes_with_the_kind(self):
        term = merge(strokes__kind="content", strokes__normalization="instance")

        assert term["strokes"] == ContentTerm(
            network="vgg16",
            network_weights="random",
            layers=("relu1_1", "relu2_1"),
            layer_weights=(1, 3),
            weight=2,
            normalization="instance",
        )


class TestAll:
    def test_every_term_is_meant(self):
        terms = merge(all__weight="5")

        assert [term.weight for term in terms.values()] == [5.0, 5.0]

    def test_which_has_the_field(self):
        terms = merge(all__temperature="1.5")

        assert terms["strokes"].temperature == 1.5
        assert terms["faces"] == make_terms()["faces"]

    @pytest.mark.parametrize("names", [("all", "faces"), ("faces", "all")])
    def test_what_is_said_of_one_term_counts_more(self, names):
        values = {"all": "5", "faces": "4"}
        terms = merge(**{f"{name}__weight": values[name] for name in names})

        assert terms["faces"].weight == 4.0
        assert terms["strokes"].weight == 5.0

    @pytest.mark.parametrize("field", ["wieght", "kind", ""])
    def test_a_field_that_none_has_is_refused(self, field):
        with pytest.raises(ValueError, match=f"No term has a field '{field}'"):
            merge(**{f"all__{field}": "2"})


class TestWhoseTheyAre:
    def test_fields_that_are_no_terms_are_handed_through(self):
        fields = {"style_weight": 2.0, "tv_weight": "x", "nope": 1}

        assert merge_terms(fields, make_terms()) == fields

    def test_the_given_terms_and_fields_stay_as_they_are(self):
        fields, terms = {"terms.faces.weight": "3", "tv_weight": 1.0}, make_terms()
        before = copy.deepcopy(fields)

        merged = merge_terms(fields, terms)

        assert merged["tv_weight"] == 1.0
        assert (fields, terms) == (before, make_terms())

    def test_terms_among_the_fields_are_the_ones_to_change(self):
        mine = {"mine": {"kind": "style", "layers": ["relu1_1"]}}

        merged = merge_terms({"terms": mine, "terms.mine.weight": "3"}, make_terms())

        expected = {"mine": StyleTerm(layers="relu1_1", weight=3)}
        assert LossConfig(**merged).terms == expected
