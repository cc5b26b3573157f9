import pytest

from fast_style.inference.strips.recording import record
from fast_style.models.style_files import to_trained_style


def test_all_weights_are_on_the_way(generator):
    style = to_trained_style(generator)

    steps = record(style)

    convolutions = [step for step in steps if "kernel" in step.arguments]
    normalizations = [step for step in steps if step.operator == "normalize"]
    kernels = [name for name in style.weights if name.endswith("/kernel")]
    assert len(convolutions) == len(kernels)
    assert len(normalizations) == len(kernels) - 1


def test_the_picture_is_as_large_as_the_photo(generator):
    steps = record(to_trained_style(generator))

    assert (steps[0].operator, steps[0].factor, steps[0].channels) == ("photo", 1, 3)
    assert (steps[-1].factor, steps[-1].channels) == (1, 3)
    stride = to_trained_style(generator).architecture.stride
    assert max(step.factor for step in steps) == stride


def test_each_step_comes_behind_what_it_needs(generator):
    seen = set()
    for step in record(to_trained_style(generator)):
        assert set(step.sources) <= seen
        seen.add(step)


def test_conditions_are_to_be_mixed_before(make_several):
    style = to_trained_style(make_several((1.0,)))

    with pytest.raises(ValueError, match="to be folded before"):
        record(style)
