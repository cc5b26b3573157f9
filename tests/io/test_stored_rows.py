import gc
import os

import numpy as np
import pytest

from fast_style.io.stored_rows import StoredRows


@pytest.fixture
def array(rng):
    return rng.integers(0, 65536, (23, 5, 3), dtype=np.uint16)


@pytest.fixture
def stored(array, tmp_path):
    stored = StoredRows(array.shape, "uint16", tmp_path, is_named=True)
    stored.append(array[:10])
    stored.append(array[10:])
    return stored


@pytest.mark.parametrize(
    "rows",
    [
        slice(None),
        slice(3, 7),
        slice(20, 99),
        slice(5, 5),
        slice(1, 9, 3),
        np.array([4, 3, 3, 8, 22]),
    ],
)
def test_takes_rows_as_an_array_does(stored, array, rows):
    np.testing.assert_array_equal(stored[rows], array[rows])


def test_says_what_an_array_says(stored, array):
    for name in ("shape", "dtype", "ndim", "size"):
        assert getattr(stored, name) == getattr(array, name)


def test_a_named_file_has_the_rows_and_ends_with_them(stored, array):
    path = stored.path

    np.testing.assert_array_equal(np.fromfile(path, "uint16"), array.ravel())
    with open(path, "r+b") as file:
        file.truncate(10)
    with pytest.raises(OSError, match="cut short"):
        stored[:]

    del stored
    gc.collect()


def test_no_file_is_left(array, tmp_path):
    for is_named in (True, False):
        stored = StoredRows(array.shape, "uint16", tmp_path, is_named=is_named)
        stored.append(array)
        assert len(os.listdir(tmp_path)) == is_named
        del stored
        gc.collect()
        assert not os.listdir(tmp_path)


def test_without_a_folder_for_it_there_is_one_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        StoredRows((2, 3, 3), "uint8", tmp_path / "missing")

    gc.collect()
