import io
import zipfile

import h5py
import numpy as np
import pytest

from fast_style.io.stored_arrays import explaining_damage
from fast_style.io.stored_arrays import list_shapes
from fast_style.io.stored_arrays import read_arrays


@pytest.fixture(params=[".npz", ".h5"])
def stored(request, rng, tmp_path):
    arrays = {
        "block1/kernel": rng.normal(size=(3, 3, 2)),
        "block1/bias": rng.normal(size=2).astype("float16"),
        "count": np.array(5),
    }
    path = tmp_path / f"weights{request.param}"
    if request.param == ".npz":
        np.savez_compressed(path, **arrays)
    else:
        with h5py.File(path, "w") as file:
            for name, array in arrays.items():
                file.create_dataset(name, data=array)
    return path, request.param, arrays


def test_shapes_and_arrays_are_those_that_were_written(stored):
    path, suffix, arrays = stored

    shapes = list_shapes(path, suffix)
    read = read_arrays(path, suffix, ["block1/kernel", "count"])

    assert shapes == {name: array.shape for name, array in arrays.items()}
    assert set(read) == {"block1/kernel", "count"}
    for name, array in read.items():
        assert array.dtype == np.float32
        np.testing.assert_array_equal(array, arrays[name].astype("float32"))


def test_an_open_file_will_do(stored):
    path, suffix, arrays = stored
    file = io.BytesIO(path.read_bytes())

    assert set(list_shapes(file, suffix)) == set(arrays)
    np.testing.assert_array_equal(read_arrays(file, suffix, ["count"])["count"], 5)


def test_every_cut_of_a_file_is_damage(stored):
    path, suffix, _ = stored
    data = path.read_bytes()

    for length in range(0, len(data) - 1, max(len(data) // 50, 1)):
        path.write_bytes(data[:length])
        try:
            read_arrays(path, suffix, list_shapes(path, suffix))
        except ValueError as error:
            assert "are damaged or no" in str(error)  # noqa: PT017
            assert path.name in str(error)  # noqa: PT017
        else:
            assert suffix == ".h5"


def test_every_broken_byte_of_an_npz_is_damage_or_none(rng, tmp_path):
    path, array = tmp_path / "weights.npz", rng.normal(size=(3, 4))
    np.savez(path, a=array)
    data = bytearray(path.read_bytes())

    for place in range(len(data)):
        changed = data.copy()
        changed[place] ^= 0xFF
        path.write_bytes(changed)
        try:
            if list_shapes(path, ".npz").get("a") == (3, 4):
                read = read_arrays(path, ".npz", ["a"])["a"]
                np.testing.assert_array_equal(read, array.astype("float32"))
        except ValueError as error:
            assert path.name in str(error)  # noqa: PT017


def test_a_header_longer_than_its_file_is_damage(tmp_path):
    path = tmp_path / "weights.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "a.npy", b"\x93NUMPY\x02\x00" + (2**32 - 1).to_bytes(4, "little")
        )

    with pytest.raises(ValueError, match=r"weights\.npz' are damaged"):
        list_shapes(path, ".npz")


def test_versions_that_numpy_does_not_read_are_said(tmp_path):
    path = tmp_path / "weights.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.npy", b"\x93NUMPY\x07\x00" + bytes(100))

    with pytest.raises(ValueError, match=r"version \(7, 0\)"):
        list_shapes(path, ".npz")


def test_a_virtual_array_of_another_file_is_left_alone(tmp_path):
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["a"] = np.arange(5)
    layout = h5py.VirtualLayout(shape=(5,), dtype="i8")
    layout[:] = h5py.VirtualSource(str(tmp_path / "secret.h5"), "a", shape=(5,))
    with h5py.File(tmp_path / "weights.h5", "w") as file:
        file.create_virtual_dataset("a", layout)
        file["b"] = h5py.ExternalLink(str(tmp_path / "secret.h5"), "a")
        outside = [(str(tmp_path / "secret.h5"), 0, 40)]
        file.create_dataset("c", shape=(5,), dtype="i8", external=outside)

    assert list_shapes(tmp_path / "weights.h5", ".h5") == {}


@pytest.mark.parametrize("error", [MemoryError(), TypeError("a"), RecursionError("b")])
def test_what_a_parser_raises_names_the_file(error):
    with (
        pytest.raises(ValueError, match=rf"'x\.h5' are .*{type(error).__name__}"),
        explaining_damage("x.h5", ".h5"),
    ):
        raise error
