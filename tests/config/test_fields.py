import dataclasses

import pytest

from fast_style.config.fields import convert_field
from fast_style.config.fields import describe_fields
from fast_style.config.fields import parse_field
from fast_style.config.fields import suggest
from fast_style.config.loss_config import LossConfig
from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import StyleTerm
from fast_style.config.optimize_config import OptimizeConfig
from fast_style.config.train_config import TrainConfig

CONFIGS = (LossConfig, TrainConfig, OptimizeConfig)
TERMS = (StyleTerm, ContentTerm)
FIELDS = {
    field.name: field
    for config_class in (TrainConfig, StyleTerm)
    for field in dataclasses.fields(config_class)
}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("layers", "relu1_1,relu2_1", ("relu1_1", "relu2_1")),
        ("layers", "('relu1_1', 'relu2_1')", ("relu1_1", "relu2_1")),
        ("layers", '["relu1_1"]', ("relu1_1",)),
        ("layers", "relu1_1", ("relu1_1",)),
        ("levels", "(1,2)", (1.0, 2.0)),
        ("levels", "[1, 2]", (1.0, 2.0)),
        ("levels", " 0.5 , 1e-3 ,", (0.5, 0.001)),
        ("coco_categories", "", ()),
        ("coco_categories", "()", ()),
        ("coco_categories", "dog,traffic light", ("dog", "traffic light")),
        ("num_steps", "7", 7),
        ("num_steps", " 7 ", 7),
        ("style_weight", "3", 3.0),
        ("train_images", "my photos, all (of them)", "my photos, all (of them)"),
    ],
)
def test_a_text_becomes_what_the_field_holds(name, text, value):
    parsed = parse_field(FIELDS[name], text)

    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("num_steps", "many", "must be a whole number"),
        ("num_steps", "2.5", "must be a whole number"),
        ("num_steps", "", "must be a whole number"),
        ("style_weight", "much", "must be a number"),
        ("levels", "1,x", "must be numbers with commas"),
    ],
)
def test_a_text_of_another_type_is_refused(name, text, expected):
    with pytest.raises(ValueError, match=expected) as error:
        parse_field(FIELDS[name], text)

    assert str(error.value).startswith(f"`{name}` ")
    assert str(error.value).endswith(f"Received: {name}={text!r}")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("style_weight", 3, 3.0),
        ("levels", [1, 2], (1.0, 2.0)),
        ("levels", 1, (1.0,)),
        ("layers", "relu1_1", ("relu1_1",)),
        ("layers", "relu1_1, relu2_1", ("relu1_1", "relu2_1")),
    ],
)
def test_a_value_from_python_becomes_what_the_field_holds(name, value, expected):
    converted = convert_field(FIELDS[name], value)

    assert converted == expected
    assert type(converted) is type(expected)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("num_steps", 2.0),
        ("num_steps", True),
        ("style_weight", "3"),
        ("layers", (1,)),
        ("generator", None),
    ],
)
def test_a_value_of_another_type_is_refused(name, value):
    with pytest.raises(TypeError, match=f"`{name}` must be of type"):
        convert_field(FIELDS[name], value)


@pytest.mark.parametrize("config_class", [*CONFIGS, *TERMS])
def test_every_field_but_terms_has_a_type_that_the_command_line_can_set(config_class):
    allowed = {str, int, float, tuple[str, ...], tuple[float, ...]}

    others = [
        field.name
        for field in dataclasses.fields(config_class)
        if field.type not in allowed
    ]
    assert others == (["terms"] if config_class in CONFIGS else [])


@pytest.mark.parametrize("config_class", [*CONFIGS, *TERMS])
def test_every_field_is_described_once(config_class):
    groups = describe_fields(config_class)

    described = [name for texts in groups.values() for name in texts]
    fields = [field.name for field in dataclasses.fields(config_class)]
    assert sorted(described) == sorted(fields)
    assert all(text for texts in groups.values() for text in texts.values())


def test_descriptions_are_grouped_by_class_and_whole():
    groups = describe_fields(TrainConfig)

    assert [title.partition(":")[0] for title in groups] == ["Loss", "Training"]
    loss, training = groups.values()
    assert loss["tv_weight"] == "Factor of the total-variation loss."
    assert training["warmup_steps"].endswith(
        "-1: 50, or an eighth of `num_steps` if that is fewer."
    )


@pytest.mark.parametrize(
    ("term_class", "own"),
    [
        (StyleTerm, {"statistics", "distance", "temperature"}),
        (ContentTerm, {"normalization"}),
    ],
)
def test_descriptions_of_terms_tell_apart_what_only_one_kind_has(term_class, own):
    groups = describe_fields(term_class)

    kind = term_class(layers="relu1_1").kind
    titles = [title.partition(":")[0] for title in groups]
    assert titles == ["Terms", f"{kind.capitalize()} terms"]
    of_both, of_this = groups.values()
    assert set(of_this) == own
    assert {"kind", "weight", "network", "layers", "levels"} <= set(of_both)


def test_the_nearest_name_is_suggested_if_any_is_near():
    assert suggest("style_wieght", FIELDS) == " Did you mean 'style_weight'?"
    assert suggest("zzz", FIELDS) == ""
