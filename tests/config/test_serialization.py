import dataclasses
import json
import pathlib

import pytest

from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import StyleTerm
from fast_style.config.serialization import from_json
from fast_style.config.serialization import read_fields
from fast_style.config.serialization import to_json
from fast_style.config.train_config import TrainConfig


def make_config(**options):
    return TrainConfig(style_image="style.jpg", train_images="photos", **options)


def test_json_round_trip():
    fields = {"coco_annotations": "a.json", "coco_categories": ("dog",)}
    original = make_config(**fields, style_weight=2.5)

    assert from_json(to_json(original)) == original


def test_json_round_trip_of_terms():
    terms = {
        "z": StyleTerm(
            layers=("relu1_1", "relu2_1"), layer_weights=(1, 3), temperature=1.5
        ),
        "a": ContentTerm(
            network="vgg16", network_weights=pathlib.Path("mine.npz"), layers="conv1_1"
        ),
    }
    original = make_config(terms=terms)

    read = from_json(to_json(original))

    assert read == original
    assert read.terms == terms
    assert list(read.terms) == ["z", "a"]
    assert [type(term) for term in read.terms.values()] == [StyleTerm, ContentTerm]


def test_json_of_terms_has_their_kinds_and_all_their_fields():
    terms = json.loads(to_json(make_config()))["terms"]

    for name, term in make_config().terms.items():
        fields = {field.name for field in dataclasses.fields(term)}
        assert set(terms[name]) == fields
        assert terms[name]["kind"] == term.kind
        assert terms[name]["layers"] == list(term.layers)


@pytest.mark.parametrize(
    ("term", "message"),
    [
        ({"kind": "texture", "layers": ["relu1_1"]}, "`terms.mine.kind` must be one"),
        ({"layers": ["relu1_1"]}, "`terms.mine.kind` must be one of"),
        ({"kind": "style"}, "`terms.mine.layers` must name"),
        ({"kind": "style", "layers": ["relu9"]}, "`terms.mine`: `layers` must be"),
        ({"kind": "style", "layers": ["relu1_1"], "wieght": 1}, "mean 'weight'"),
    ],
)
def test_json_of_an_impossible_term_is_refused_with_its_name(term, message):
    fields = json.loads(to_json(make_config()))
    fields["terms"] = {"mine": term}

    with pytest.raises(ValueError, match=message):
        from_json(json.dumps(fields))


def test_json_has_a_line_for_each_field():
    text = to_json(make_config(num_steps=2_000))

    assert '\n  "style_image": "style.jpg",\n' in text
    assert json.loads(text)["num_steps"] == 2_000
    names = [field.name for field in dataclasses.fields(TrainConfig)]
    assert list(json.loads(text)) == names


def test_json_with_an_unknown_field_suggests_the_right_one():
    with pytest.raises(ValueError, match="Did you mean 'style_weight'"):
        from_json('{"style_wieght": 3}')


@pytest.mark.parametrize("text", ["[]", "3", '"style_image"'])
def test_json_of_something_else_is_refused(text):
    with pytest.raises(ValueError, match="must be an object, from field to value"):
        from_json(text)


def test_a_text_that_is_no_json_is_refused_with_the_place():
    with pytest.raises(ValueError, match=r"cannot be read: .* line 1 column"):
        from_json('{"style_image": ')


def test_fields_can_be_read_unchecked():
    fields = read_fields('{"loss_jitter": -1, "of_a_later_version": 2}')

    assert fields == {"loss_jitter": -1, "of_a_later_version": 2}
