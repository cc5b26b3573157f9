"""Fields of the two terms of earlier versions in files and on the command line."""

import json
import pickle

import pytest

from fast_style.config.config_files import read_config
from fast_style.config.loss_config import LossConfig
from fast_style.config.optimize_config import OptimizeConfig
from fast_style.config.serialization import from_json
from fast_style.config.serialization import read_fields
from fast_style.config.serialization import to_json
from fast_style.config.train_config import TrainConfig

# A file whose terms are the default ones, and are not called as the old two.
MINE = """
from fast_style.config import TrainConfig

def get_config():
    return TrainConfig(style_image='a', train_images='b')
"""


def make_config(**options):
    return TrainConfig(style_image="style.jpg", train_images="photos", **options)


class TestJson:
    def write(self, **fields):
        """Returns JSON of a config whose `terms` are replaced by the old fields."""
        others = json.loads(to_json(make_config(style_weight=3)))
        del others["terms"]
        return json.dumps({**fields, **others})

    def test_all_fields_are_read_without_a_warning(self, old_fields, old_terms):
        read = from_json(self.write(**old_fields))

        assert read == make_config(style_weight=3, terms=old_terms)

    def test_old_values_too(self, old_fields, old_terms):
        old_fields |= {"loss_network_weights": "pocket", "style_distance": "plain"}
        old_fields["loss_network_pooling"] = "max"
        expected = make_config(style_weight=3, terms=old_terms)
        for term in expected.terms.values():
            term.network, term.network_weights, term.pooling = "pocket", "", "max"
        expected.terms["style"].distance = "l2"

        assert from_json(self.write(**old_fields)) == expected

    def test_once_read_it_is_written_as_today(self, old_fields):
        read = from_json(self.write(**old_fields))

        names = json.loads(to_json(read)).keys()
        assert "terms" in names
        assert not names & old_fields.keys()
        assert from_json(to_json(read)) == read

    def test_an_impossible_value_is_refused_with_its_term(self, old_fields):
        old_fields["style_levels"] = [-1.0, 1.0]

        with pytest.raises(ValueError, match=r"^`terms.style`: `levels` must be at"):
            from_json(self.write(**old_fields))

    def test_unchecked_fields_have_terms_too(self, old_fields, old_terms):
        old_fields["style_levels"] = [-1.0, 1.0]

        fields = read_fields(json.dumps({**old_fields, "of_a_later_version": 2}))

        assert fields.keys() == {"terms", "of_a_later_version"}
        assert fields["terms"]["style"]["levels"] == [-1.0, 1.0]
        assert fields["terms"]["content"]["layers"] == ["relu2_1"]


class TestPickles:
    @pytest.mark.parametrize("config_class", [LossConfig, OptimizeConfig, TrainConfig])
    def test_one_of_that_time_has_terms_without_a_warning(
        self, config_class, old_fields, old_terms
    ):
        old = config_class.__new__(config_class)

        old.__setstate__({**old_fields, "style_weight": 3.0})

        assert old.terms == old_terms
        assert old.style_weight == 3.0
        assert not vars(old).keys() & old_fields.keys()
        assert pickle.loads(pickle.dumps(old)).terms == old_terms

    def test_old_values_are_read_too(self, old_fields):
        old = LossConfig.__new__(LossConfig)

        old.__setstate__({**old_fields, "style_distance": "plain"})

        assert old.terms["style"].distance == "l2"


class TestTheCommandLine:
    @pytest.fixture
    def mine(self, tmp_path):
        path = tmp_path / "mine.py"
        path.write_text(MINE)
        return str(path)

    def test_terms_of_the_file_are_changed_with_a_warning(self):
        expected = read_config("smoke", ["--config.terms.style.levels=1"])

        with pytest.warns(FutureWarning, match="`terms.style.levels` now") as caught:
            config = read_config("smoke", ["--config.style_levels=1"])

        assert config == expected
        assert [each.filename for each in caught] == [__file__]

    def test_other_terms_of_the_file_are_replaced_as_a_warning_tells(self, mine):
        with pytest.warns(FutureWarning) as caught:
            config = read_config(mine, ["--config.style_levels=1"])

        assert list(config.terms) == ["content", "style"]
        assert config.terms["style"].levels == (1.0,)
        notes = [str(each.message) for each in caught]
        assert len(notes) == 2
        assert "taken to have two terms, `content` and `style`" in notes[0]

    def test_old_and_new_names_go_together(self, mine):
        words = ["--config.terms.style.weight=3", "--config.style_layers=relu1_2"]
        with pytest.warns(FutureWarning):
            config = read_config(mine, words)

        assert config.terms["style"].weight == 3.0
        assert config.terms["style"].layers == ("relu1_2",)

    def test_weights_are_those_of_the_network_in_the_file(self):
        with pytest.warns(FutureWarning) as caught:
            config = read_config("smoke", ["--config.loss_network_weights=imagenet"])

        assert ["VGG16" in str(each.message) for each in caught] == [False]
        for term in config.terms.values():
            assert (term.network, term.network_weights) == ("vgg16", "imagenet")

    def test_or_of_vgg16_where_the_file_has_the_pocket_network(self, mine):
        with pytest.warns(FutureWarning) as caught:
            config = read_config(mine, ["--config.loss_network_weights=random"])

        assert any("taken as weights of VGG16" in str(each.message) for each in caught)
        assert {each.filename for each in caught} == {__file__}
        for term in config.terms.values():
            assert (term.network, term.network_weights) == ("vgg16", "random")

    @pytest.mark.parametrize(
        ("override", "message"),
        [
            ("--config.style_levels=x", "must be numbers with commas"),
            ("--config.style_layers", "--config.FIELD=VALUE"),
        ],
    )
    def test_mistakes_are_explained(self, override, message):
        with pytest.raises(ValueError, match=message):
            read_config("smoke", [override])
