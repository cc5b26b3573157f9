import pytest

from fast_style.config.styles import list_style_factors
from fast_style.config.styles import read_style_factors
from fast_style.config.train_config import TrainConfig


def test_factors_are_read_by_name():
    factors = read_style_factors(("wave:1.5", "a:b:2"))

    assert factors == {"wave": 1.5, "a:b": 2.0}
    assert read_style_factors(()) == {}


def test_styles_without_a_factor_have_1():
    factors = list_style_factors(("wave:1.5",), ("night", "wave", "sea"))

    assert factors == [1.0, 1.5, 1.0]


@pytest.mark.parametrize(
    "factors",
    [("wave",), ("1.5",), ("wave:",), ("wave:0",), ("wave:-1",), ("wave:nan",),
     ("wave:inf",), ("wave:much",), ("wave:1", "wave:2")],
)  # fmt: skip
def test_what_is_no_factor_is_an_error(factors):
    with pytest.raises(ValueError, match=r"`style_factors` must be different names"):
        TrainConfig(style_images="a", train_images="b", style_factors=factors)


def test_a_factor_of_another_name_is_an_error():
    with pytest.raises(ValueError, match=r"must be of night, sea\. Received: 'wave'"):
        list_style_factors(("wave:2",), ("night", "sea"))


@pytest.mark.parametrize(
    "styles",
    [{"style_image": "wave.png"}, {"style_images": "a", "generator": "arbitrary"}],
    ids=str,
)
def test_factors_are_for_styles_with_names(styles):
    with pytest.raises(ValueError, match="`style_images` that keep their names"):
        TrainConfig(**styles, train_images="b", style_factors=("wave:2",))
