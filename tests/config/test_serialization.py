import json

import pytest

from fast_style.config.serialization import from_json
from fast_style.config.serialization import read_fields
from fast_style.config.serialization import to_json
from fast_style.config.train_config import TrainConfig


def make_config(**options):
    return TrainConfig(style_image="style.jpg", train_images="photos", **options)


def test_json_round_trip():
    original = make_config(style_layers=("relu1_1",), style_weight=2.5)

    assert from_json(to_json(original)) == original


def test_json_has_a_line_for_each_field():
    text = to_json(make_config())

    assert '\n  "style_image": "style.jpg",\n' in text
    assert json.loads(text)["num_steps"] == 3_000


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


def test_fields_are_read_under_present_names_and_unchecked():
    fields = read_fields('{"loss_shift": -1, "of_a_later_version": 2}')

    assert fields == {"loss_jitter": -1, "of_a_later_version": 2}
