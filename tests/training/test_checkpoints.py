import contextlib
import multiprocessing
import os
import resource
import signal
import sys
import time
import types

import keras
import numpy as np
import pytest

from fast_style.training.checkpoints import list_checkpoints
from fast_style.training.checkpoints import load_checkpoint
from fast_style.training.checkpoints import restore_newest
from fast_style.training.checkpoints import save_checkpoint


@pytest.fixture
def model(rng):
    """A model that has made a step, so that its moments are not zero."""
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.compile(keras.optimizers.Adam(0.1), loss="mse")
    variables = model.trainable_variables
    gradients = [rng.normal(size=v.shape).astype("float32") for v in variables]
    model.optimizer.apply(gradients, variables)
    return model


class NamedArray(np.ndarray):
    """An array with a path, as variables have one."""

    path = ""


def make_arrays(num_arrays=5, size=1_000):
    """Stands for a trainer without Keras: its variables are arrays of one number."""
    arrays = [np.zeros(size).view(NamedArray) for _ in range(num_arrays)]
    for number, array in enumerate(arrays):
        array.path = f"array{number}"
    return types.SimpleNamespace(
        weights=arrays, optimizer=types.SimpleNamespace(variables=[])
    )


def read_all(model):
    return [np.asarray(v) for v in (*model.weights, *model.optimizer.variables)]


def test_all_comes_back(model, tmp_path):
    before = read_all(model)
    path = save_checkpoint(model, tmp_path, 7, num_checkpoints=2)
    for variable in (*model.weights, *model.optimizer.variables):
        variable.assign(np.ones(variable.shape))

    assert restore_newest(model, tmp_path) == 7

    assert path.name == "step-00000007.npz"
    for one, other in zip(before, read_all(model), strict=True):
        np.testing.assert_array_equal(one, other)


def test_variables_are_known_by_their_path(model, tmp_path):
    path = save_checkpoint(model, tmp_path, 7, num_checkpoints=2)

    with np.load(path) as archive:
        saved = {name: archive[name] for name in archive.files}

    assert len(saved) == len(read_all(model))
    for variable in (*model.weights, *model.optimizer.variables):
        np.testing.assert_array_equal(saved[variable.path], np.asarray(variable))


def test_two_variables_of_one_path_are_an_error(tmp_path):
    arrays = make_arrays(num_arrays=2)
    arrays.weights[1].path = arrays.weights[0].path

    with pytest.raises(RuntimeError, match="Two variables have the path 'array0'"):
        save_checkpoint(arrays, tmp_path, 1, num_checkpoints=2)


def test_the_newest_are_kept(model, tmp_path):
    for step in (10, 20, 30, 40):
        save_checkpoint(model, tmp_path, step, num_checkpoints=2)

    assert [step for _, step in list_checkpoints(tmp_path)] == [30, 40]
    assert len(list(tmp_path.iterdir())) == 2


def test_more_than_eight_digits_are_still_in_order(tmp_path):
    for step in ("00000500", "100000000", "00900000"):
        (tmp_path / f"step-{step}.npz").touch()
    (tmp_path / ".step-00000700.npz.12-34").touch()

    steps = [step for _, step in list_checkpoints(tmp_path)]
    assert steps == [500, 900_000, 100_000_000]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: data[:200] + bytes([data[200] ^ 1]) + data[201:],  # One bit.
        lambda data: data[:-300] + bytes(100) + data[-200:],
        lambda data: bytes(len(data)),
    ],
)
def test_a_damaged_one_gives_way_to_the_one_before(model, tmp_path, caplog, damage):
    before = read_all(model)
    save_checkpoint(model, tmp_path, 1, num_checkpoints=2)
    model.weights[0].assign(np.ones((3, 2)))
    path = save_checkpoint(model, tmp_path, 2, num_checkpoints=2)
    path.write_bytes(damage(path.read_bytes()))

    assert restore_newest(model, tmp_path) == 1

    assert "step-00000002.npz' is damaged" in caplog.text
    for one, other in zip(before, read_all(model), strict=True):
        np.testing.assert_array_equal(one, other)


def test_no_damage_goes_unnoticed(model, tmp_path, rng):
    expected = read_all(model)
    path = save_checkpoint(model, tmp_path, 1, num_checkpoints=1)
    whole = path.read_bytes()

    for _ in range(300):
        data = bytearray(whole)
        data[rng.integers(len(data))] ^= 1 << rng.integers(8)
        path.write_bytes(data)
        # Some bits mean nothing: the time of the file, for instance.
        with contextlib.suppress(ValueError):
            load_checkpoint(model, path)
        for one, other in zip(expected, read_all(model), strict=True):
            np.testing.assert_array_equal(one, other)


def test_if_all_are_damaged_that_is_an_error(model, tmp_path):
    save_checkpoint(model, tmp_path, 1, num_checkpoints=1).write_bytes(b"")

    with pytest.raises(ValueError, match="--fresh"):
        restore_newest(model, tmp_path)


def test_one_of_another_model_is_refused(model, tmp_path):
    path = save_checkpoint(model, tmp_path, 1, num_checkpoints=1)
    other = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4)])
    other.compile("adam")
    other.optimizer.build(other.trainable_variables)

    with pytest.raises(ValueError, match="not of this generator and optimizer"):
        load_checkpoint(other, path)


def test_a_disk_that_takes_no_more_leaves_the_last_one_whole(model, tmp_path):
    # A limit on the size of files: a write fails in its middle, as on a full disk.
    big = make_arrays(num_arrays=1, size=100_000)
    save_checkpoint(model, tmp_path, 1, num_checkpoints=2)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(OSError, match=r"step 2 could not .* step 1 is whole"):
            save_checkpoint(big, tmp_path, 2, num_checkpoints=2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert [path.name for path in tmp_path.iterdir()] == ["step-00000001.npz"]
    assert restore_newest(model, tmp_path) == 1


def save_for_ever(folder):
    arrays = make_arrays()
    for step in range(1, 1_000_000):
        for array in arrays.weights:
            array[:] = step
        save_checkpoint(arrays, folder, step, num_checkpoints=2)


@pytest.mark.skipif(sys.platform != "linux", reason="forks")
def test_kill_at_any_moment_leaves_whole_checkpoints(tmp_path, rng):
    for _ in range(25):
        process = multiprocessing.get_context("fork").Process(
            target=save_for_ever, args=(tmp_path,)
        )
        process.start()
        while not list_checkpoints(tmp_path):
            time.sleep(0.001)
        time.sleep(rng.uniform(0.01, 0.05))
        os.kill(process.pid, signal.SIGKILL)
        process.join()

        found = list_checkpoints(tmp_path)
        for path, step in found:
            with np.load(path) as archive:
                for name in archive.files:
                    np.testing.assert_array_equal(archive[name], step)
        for path, _ in found:
            path.unlink()
