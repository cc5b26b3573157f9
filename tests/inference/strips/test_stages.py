import numpy as np
import pytest

from fast_style.inference.strips.stages import count_kept_bytes
from fast_style.inference.strips.stages import find_last_uses
from fast_style.inference.strips.stages import plan_stages
from fast_style.models.generator import build_generator
from fast_style.models.style_files import to_trained_style


@pytest.fixture(scope="module")
def style(generator):
    return to_trained_style(generator)


@pytest.mark.parametrize("least_factor", [1, 2, 4])
def test_each_normalization_has_its_stage_and_the_picture_too(style, least_factor):
    stages = plan_stages(style, least_factor=least_factor)

    gammas = [name for name in style.weights if name.endswith("/gamma")]
    assert len(stages) == len(gammas) + 1
    assert [stage.is_last for stage in stages] == [False] * len(gammas) + [True]


@pytest.mark.parametrize("least_factor", [1, 2, 4])
def test_a_stage_begins_with_what_is_kept(style, least_factor):
    stages = plan_stages(style, least_factor=least_factor)

    kept = {stages[0].sources[0]}
    for stage in stages:
        assert set(stage.sources) <= kept
        assert not kept & set(stage.steps)
        assert all(step.factor >= least_factor for step in stage.outputs)
        kept |= set(stage.outputs)


def test_what_is_kept_is_not_computed_again(style):
    computed = [
        step for stage in plan_stages(style, least_factor=1) for step in stage.steps
    ]
    convolutions = [step for step in computed if "kernel" in step.arguments]

    assert len(convolutions) == len(set(convolutions))


def test_the_less_is_kept_the_more_is_computed(style):
    plans = [plan_stages(style, least_factor=factor) for factor in (1, 2, 4)]

    kept = [count_kept_bytes(stages) for stages in plans]
    work = [sum(stage.work for stage in stages) for stages in plans]

    assert kept == sorted(kept, reverse=True)
    assert work == sorted(work)
    assert work[0] < work[-1]


def test_what_is_kept_of_fast():
    """By hand: both layers at full resolution, of 16 channels in 4 bytes."""
    style = to_trained_style(build_generator("fast"))

    assert count_kept_bytes(plan_stages(style, least_factor=1)) == 2 * 16 * 4


def test_only_what_is_needed_later_has_a_last_use(style):
    stages = plan_stages(style, least_factor=1)

    last = find_last_uses(stages)

    for stage in stages:
        assert all(step in last for step in stage.outputs)
    assert max(last.values()) == len(stages) - 1


@pytest.mark.parametrize("least_factor", [1, 4])
def test_margins_are_as_wide_as_a_change_of_a_row_spreads(style, rng, least_factor):
    from fast_style.inference.strips.computing import load_stage

    for stage in plan_stages(style, least_factor=least_factor)[-2:]:
        height = 4 * stage.unit * (stage.margin + 1)
        inputs = {
            f"source_{i}": rng.normal(
                size=(1, height // x.factor, 16 // x.factor, x.channels)
            ).astype("float32")
            for i, x in enumerate(stage.sources)
        }
        for i, step in enumerate(stage.held):
            numbers = np.ones(step.channels, "float32")
            inputs |= {f"scale_{i}": numbers, f"shift_{i}": numbers}
        for i, step in enumerate(stage.corners):
            inputs[f"corner_{i}"] = np.zeros(step.channels, "float32")
        for i in range(len(stage.noises)):
            inputs[f"row_{i}"] = np.asarray(0, "int32")
        changed = dict(inputs)
        middle = height // 2
        for i, step in enumerate(stage.sources):
            rows = inputs[f"source_{i}"].copy()
            rows[:, middle // step.factor :][:, : stage.unit // step.factor] += 1
            changed[f"source_{i}"] = rows
        compute = load_stage(stage)

        name = "picture" if stage.is_last else "means"
        before, after = compute(inputs)[name], compute(changed)[name]

        before, after = (
            np.squeeze(x, 0) if x.ndim == 4 else x for x in (before, after)
        )
        rows = np.flatnonzero(np.abs(before - after).reshape(len(before), -1).max(1))
        reach = stage.margin * stage.unit // stage.target.factor
        assert rows.min() >= middle // stage.target.factor - reach
        assert rows.max() < (middle + stage.unit) // stage.target.factor + reach
