import numpy as np
import pytest

from fast_style.inference.strips.stages import count_kept_bytes
from fast_style.inference.strips.stages import plan_stages
from fast_style.inference.strips.storing import choose_storage
from fast_style.inference.strips.storing import count_units
from fast_style.models.style_files import to_trained_style


@pytest.fixture(scope="module")
def style(generator):
    return to_trained_style(generator)


def test_what_fits_is_kept_in_memory_and_all_of_it_if_possible(style):
    num_pixels = 12_000_000
    most, less = (
        count_kept_bytes(plan_stages(style, least_factor=factor)) * num_pixels
        for factor in (1, 2)
    )
    needed = [most + 2**28, most + 2**20, 2**20]

    storages = [choose_storage(style, num_pixels, limit) for limit in needed]

    assert (storages[0].least_factor, storages[0].is_in_memory) == (1, True)
    assert storages[1].least_factor == 2
    assert storages[1].is_in_memory == (less + 2**28 <= most + 2**20)
    assert (storages[2].least_factor, storages[2].is_in_memory) == (2, False)


@pytest.mark.parametrize("limit", [1e12, 1.0])
def test_rows_are_read_as_they_were_appended(style, rng, limit):
    rows = rng.normal(size=(20, 6, 3)).astype("float32")
    room = choose_storage(style, 10**6, limit).make_room(20, 6, 3)

    for begin in (0, 7, 14):
        room.append(rows[begin : begin + 7])

    np.testing.assert_array_equal(room[5:18], rows[5:18])


def test_strips_are_lower_where_the_picture_is_wider(style):
    stage = plan_stages(style, least_factor=1)[-1]

    narrow, wide = (count_units(stage, width, 2**26) for width in (1000, 10_000))

    assert narrow > wide >= 4 * stage.margin
    assert count_units(stage, 10**7, 2**26) == 4 * stage.margin
