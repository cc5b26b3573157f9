import numpy as np
import pytest
import tensorflow as tf

from fast_style.training.distribution import count_useful
from fast_style.training.distribution import Replicas


@pytest.mark.parametrize(
    ("num_devices", "batch_size", "expected"),
    [(8, 16, 8), (8, 2, 2), (8, 12, 6), (4, 7, 1), (1, 4, 1), (0, 4, 0)],
)
def test_as_many_devices_are_used_as_share_out_a_batch(
    num_devices, batch_size, expected
):
    assert count_useful(num_devices, batch_size) == expected


@pytest.mark.parametrize("is_chief", [True, False])
def test_what_the_first_replica_of_all_has_is_shared(rng, is_chief):
    strategy = tf.distribute.MirroredStrategy(["CPU:0"])
    devices = Replicas(strategy, is_chief=is_chief, has_workers=True)
    state = {
        "kernel": rng.normal(size=(3, 2)).astype("float32"),
        "norm": np.float32(0.5),
        "step": np.array(7),
    }

    shared = devices.share(state)

    assert list(shared) == list(state)
    for name, array in state.items():
        np.testing.assert_array_equal(shared[name], array)
    assert devices.agree(2**31 - 1) == 2**31 - 1
