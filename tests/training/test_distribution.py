import pytest

from fast_style.training.distribution import count_useful


@pytest.mark.parametrize(
    ("num_devices", "batch_size", "expected"),
    [(8, 16, 8), (8, 2, 2), (8, 12, 6), (4, 7, 1), (1, 4, 1), (0, 4, 0)],
)
def test_as_many_devices_are_used_as_share_out_a_batch(
    num_devices, batch_size, expected
):
    assert count_useful(num_devices, batch_size) == expected
