import numpy as np
import pytest

from fast_style.data import textures
from fast_style.data.textures import draw_texture


@pytest.mark.parametrize("size", [32, 97])
def test_every_texture_is_another_of_many_colours(size):
    drawn = [draw_texture(np.random.default_rng(seed), size) for seed in range(12)]

    assert {x.shape for x in drawn} == {(size, size, 3)}
    assert {x.dtype for x in drawn} == {np.dtype("uint8")}
    assert min(x.std() for x in drawn) > 5
    for i, one in enumerate(drawn):
        assert all((one != other).any() for other in drawn[:i])


@pytest.mark.parametrize("draw", textures._KINDS)
def test_the_same_numbers_draw_the_same(draw):
    palette = [(200, 30, 30), (20, 20, 60), (240, 240, 200)]

    one, other = (
        np.asarray(draw(np.random.default_rng(5), 64, palette)) for _ in range(2)
    )

    assert one.shape == (64, 64, 3)
    np.testing.assert_array_equal(one, other)
    assert one.std() > 5
