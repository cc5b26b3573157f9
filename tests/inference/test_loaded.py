import pytest

from fast_style.inference.loaded import LoadedStyle


@pytest.mark.parametrize(
    ("precision", "at_once", "in_strips"),
    [
        ("float32", "litert", "tensorflow, in strips"),
        ("int8", "litert in int8", "tensorflow, in strips"),
        ("bfloat16", "litert in bfloat16", "tensorflow in bfloat16, in strips"),
    ],
)
def test_it_says_what_computes(precision, at_once, in_strips):
    loaded = LoadedStyle(function=None, engine="litert", precision=precision)

    assert loaded.describe() == at_once
    assert loaded.describe(is_in_strips=True) == in_strips
