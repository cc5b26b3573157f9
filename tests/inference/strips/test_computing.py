import numpy as np
import pytest

from fast_style.inference.strips.computing import load_stage
from fast_style.inference.strips.computing import make_array
from fast_style.inference.strips.stages import plan_stages
from fast_style.models.style_files import to_trained_style


@pytest.mark.parametrize("shape", [(1, 1, 1), (5, 7, 3), (300, 40, 16)])
def test_an_array_begins_where_tensorflow_wants_it(shape):
    array = make_array(shape)
    array[...] = 1

    assert array.ctypes.data % 64 == 0
    assert (array.shape, array.dtype, array.sum()) == (shape, "float32", array.size)


@pytest.mark.parametrize("shift", [0, 4])
def test_rows_are_measured_wherever_they_lie_in_memory(generator, rng, shift):
    stage = plan_stages(to_trained_style(generator), least_factor=1)[0]
    memory = make_array((16 * 20 * 3 + 16,))[shift:]
    photo = memory[: 16 * 20 * 3].reshape(1, 16, 20, 3)
    photo[...] = 100 + rng.normal(size=photo.shape)

    results = load_stage(stage)({"source_0": photo})

    rows = results["output_0"][0].astype("float64")
    np.testing.assert_allclose(results["means"], rows.mean(axis=1), atol=1e-5)
    np.testing.assert_allclose(results["variances"], rows.var(axis=1), rtol=1e-3)


def test_bfloat16_is_near(generator, rng):
    stage = plan_stages(to_trained_style(generator), least_factor=1)[0]
    photo = rng.uniform(0, 255, (1, 16, 20, 3)).astype("float32")

    exact, near = (
        load_stage(stage, precision)({"source_0": photo})["output_0"]
        for precision in ("float32", "bfloat16")
    )

    assert near.dtype == np.float32
    assert 0 < np.abs(exact - near).max() < 0.1
