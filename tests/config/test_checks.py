import types

import pytest

from fast_style.config.checks import check_choices
from fast_style.config.checks import check_largest
from fast_style.config.checks import check_learning_rate
from fast_style.config.checks import check_not_empty
from fast_style.config.checks import check_numbers

NAN, INFINITY = float("nan"), float("inf")


def test_choices_are_listed_when_another_is_given():
    config = types.SimpleNamespace(method="sgd")

    check_choices(config, {"method": ("sgd",)})
    with pytest.raises(
        ValueError, match=r"`method` must be one of lbfgs, adam.*method='sgd'"
    ):
        check_choices(config, {"method": ("lbfgs", "adam")})


@pytest.mark.parametrize("value", [-1, NAN, INFINITY, (1.0, -1.0), (NAN,)])
def test_numbers_must_be_finite_and_large_enough(value):
    with pytest.raises(ValueError, match="`weight` must be at least 0 and finite"):
        check_numbers(types.SimpleNamespace(weight=value), {"weight": 0})


@pytest.mark.parametrize("value", [0, 2.5, (), (0.0, 3.0)])
def test_numbers_that_are_pass(value):
    check_numbers(types.SimpleNamespace(weight=value), {"weight": 0})


def test_the_largest_is_allowed_and_no_more():
    check_largest(types.SimpleNamespace(size=4), {"size": 4})
    with pytest.raises(
        ValueError, match=r"`size` must be at most 4\. Received: size=5"
    ):
        check_largest(types.SimpleNamespace(size=5), {"size": 4})


@pytest.mark.parametrize("rate", [0.0, -1.0, NAN, INFINITY])
def test_a_learning_rate_is_positive_and_finite(rate):
    check_learning_rate(1e-3)
    with pytest.raises(ValueError, match="`learning_rate` must be above 0"):
        check_learning_rate(rate)


@pytest.mark.parametrize("path", ["", "  "])
def test_an_empty_path_is_refused(path):
    check_not_empty(types.SimpleNamespace(photos="."), ("photos",))
    with pytest.raises(
        ValueError, match=r"`photos` must be a path\. Received: photos="
    ):
        check_not_empty(types.SimpleNamespace(photos=path), ("photos",))
