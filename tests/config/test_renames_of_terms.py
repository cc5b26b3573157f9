"""Before a loss could have any number of terms, it had two, and fields for them."""

import contextlib
import copy
import dataclasses

import pytest

from fast_style.config.loss_config import LossConfig
from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import StyleTerm
from fast_style.config.optimize_config import OptimizeConfig
from fast_style.config.renames import OLD_TERM_FIELDS
from fast_style.config.renames import rename
from fast_style.config.train_config import TrainConfig

TWO_TERMS = "taken to have two terms, `content` and `style`"
# Those of a config that named none of the fields.
DEFAULT_TERMS = {
    "content": ContentTerm(layers="relu2_2", levels=(0.0, 0.25, 0.25, 1.0)),
    "style": StyleTerm(
        layers=("relu1_1", "relu1_2", "relu2_1", "relu2_2"),
        levels=(0.07, 0.31, 0.31, 0.31),
    ),
}


def make_train_config(**options):
    return TrainConfig(style_image="style.jpg", train_images="photos", **options)


@contextlib.contextmanager
def warned(*expected, at=__file__):
    """The warnings, in any order; each must name the caller's file."""
    with pytest.warns(FutureWarning) as caught:
        yield
    texts = [str(each.message) for each in caught]
    for text in expected:
        assert [each for each in texts if text in each], (text, texts)
    assert len(texts) == len(expected), texts
    assert {each.filename for each in caught} == {at}


def test_every_old_field_has_its_place(old_fields):
    assert OLD_TERM_FIELDS.keys() == old_fields.keys()


class TestFieldsInPython:
    @pytest.mark.parametrize("make", [LossConfig, OptimizeConfig, make_train_config])
    @pytest.mark.filterwarnings("ignore::FutureWarning")
    def test_all_of_them_make_two_terms(self, make, old_fields, old_terms):
        expected = make(terms=old_terms, style_weight=3)

        assert make(**old_fields, style_weight=3) == expected

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("loss_network_weights", "mine.h5"),
            ("loss_network_pooling", "max"),
            ("loss_network_padding", "symmetric"),
            ("style_layer_weights", (5.0, 6.0)),
            ("style_levels", (1.0,)),
            ("content_layer_weights", (5.0,)),
            ("content_levels", (1.0,)),
            ("style_statistics", "covariance"),
            ("style_distance", "l2"),
        ],
    )
    def test_each_changes_its_own_field_and_no_other(self, name, value, old_terms):
        terms = LossConfig(terms=rename({name: value}, old_terms)[0]["terms"]).terms

        kinds, field = OLD_TERM_FIELDS[name]
        for kind in kinds:
            setattr(old_terms[kind], field, value)
        assert terms == old_terms

    def test_each_warns_of_its_new_names(self):
        with warned(
            "`style_layers` is called `terms.style.layers` now.",
            "`loss_network` is called `terms.content.network` and "
            "`terms.style.network` now.",
            "The loss is taken to have two terms, `content` and `style`, on one ",
        ):
            config = LossConfig(style_layers="relu1_1", loss_network="vgg16")

        assert config.terms["style"].layers == ("relu1_1",)

    def test_what_is_not_named_is_as_it_was_then(self):
        with pytest.warns(FutureWarning):
            config = LossConfig(style_statistics="gram")

        expected = dataclasses.replace(DEFAULT_TERMS["style"], statistics="gram")
        assert config.terms == {**DEFAULT_TERMS, "style": expected}

    def test_an_old_value_of_an_old_field_is_taken(self):
        with warned("'plain'` is called 'l2' now", TWO_TERMS, "`terms.style.dist"):
            config = LossConfig(style_distance="plain")

        assert config.terms == DEFAULT_TERMS

    def test_an_impossible_value_is_refused_with_its_new_name(self):
        with (
            pytest.warns(FutureWarning),
            pytest.raises(ValueError, match=r"^`terms.style`: `layers` .*'relu2_2'\?"),
        ):
            LossConfig(style_layers="relu2_2x")


class TestFieldsBesideTerms:
    def test_terms_of_the_same_names_and_kinds_are_changed(self, old_terms):
        note = "`style_levels` is called `terms.style.levels` now"
        with warned(note, at=dataclasses.__file__):
            config = dataclasses.replace(
                LossConfig(terms=old_terms), style_levels=(1.0,)
            )

        old_terms["style"].levels = (1.0,)
        assert config.terms == old_terms

    def test_instead_of_other_terms_there_are_the_old_two_as_a_warning_tells(self):
        with warned(TWO_TERMS, "`terms.style.levels`", at=dataclasses.__file__):
            config = dataclasses.replace(LossConfig(), style_levels=(1.0,))

        style = dataclasses.replace(DEFAULT_TERMS["style"], levels=(1.0,))
        assert config.terms == {**DEFAULT_TERMS, "style": style}

    def test_so_are_there_if_only_the_names_agree(self, old_terms):
        swapped = {"content": old_terms["style"], "style": old_terms["content"]}

        with warned(TWO_TERMS, "`terms.style.distance`"):
            config = LossConfig(terms=swapped, style_distance="l2")

        assert config.terms == DEFAULT_TERMS

    @pytest.mark.parametrize(
        ("terms", "message"),
        [
            ([1], "^`terms` must be a dict"),
            (None, "^`terms` must be a dict"),
            ({"content": 3, "style": 4}, "^`terms.content` must be a `StyleTerm` or"),
        ],
    )
    def test_what_are_no_terms_is_refused_as_ever(self, terms, message):
        with pytest.raises(TypeError, match=message):
            LossConfig(terms=terms, style_layers="relu1_1")

    def test_weights_of_layers_and_network_go_with_them(self, old_terms):
        fields = {"style_layers": "relu1_2", "loss_network": "vgg19"}

        terms = rename(fields, old_terms)[0]["terms"]

        assert terms["style"]["layer_weights"] == ()
        assert terms["content"]["layer_weights"] == (2.0,)
        assert [term["network_weights"] for term in terms.values()] == ["", ""]

    def test_the_given_terms_stay_as_they_are(self, old_terms):
        before = copy.deepcopy(old_terms)

        rename({"style_layers": "relu1_2", "terms": old_terms})
        rename({"loss_network": "vgg19"}, old_terms)

        assert old_terms == before


class TestNetworkOfTheWeights:
    """The field `loss_network` is younger than its weights, and began as VGG16."""

    def find(self, config):
        found = {(t.network, t.network_weights) for t in config.terms.values()}
        assert len(found) == 1
        return found.pop()

    @pytest.mark.parametrize("weights", ["imagenet", "random", "vgg16.npz"])
    def test_without_a_network_it_is_vgg16(self, weights):
        with warned("is taken as weights of VGG16", TWO_TERMS, "`loss_network_w"):
            config = LossConfig(loss_network_weights=weights)

        assert self.find(config) == ("vgg16", weights)

    @pytest.mark.parametrize("weights", ["imagenet", "random", "vgg16.h5", "vgg16.npy"])
    @pytest.mark.parametrize("named", [{}, {"loss_network": "pocket"}], ids=str)
    def test_if_only_vgg_has_them_it_is_vgg16(self, weights, named):
        notes = "is taken as weights of VGG16", "`loss_network_weights` is", TWO_TERMS
        with warned(*notes, *(f"`{name}` is called" for name in named)):
            config = LossConfig(loss_network_weights=weights, **named)

        assert self.find(config) == ("vgg16", weights)

    def test_an_npz_file_of_the_pocket_network_stays_one(self):
        with warned(TWO_TERMS, "`loss_network`", "`loss_network_weights`"):
            config = LossConfig(loss_network="pocket", loss_network_weights="my.npz")

        assert self.find(config) == ("pocket", "my.npz")

    @pytest.mark.parametrize("named", [{}, {"loss_network": "vgg16"}], ids=str)
    def test_the_pocket_weights_are_the_pocket_network(self, named):
        notes = "called `loss_network='pocket'` now", "`loss_network_weights` is"
        with warned(TWO_TERMS, *notes, *(f"`{name}` is called" for name in named)):
            config = LossConfig(**named, loss_network_weights="pocket")

        assert self.find(config) == ("pocket", "")
