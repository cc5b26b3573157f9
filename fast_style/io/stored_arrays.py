"""Arrays in `.npz` and `.h5` files by others, known by their headers at first.

A header may declare more bytes than any machine has, however small the file. So who
reads one compares the shapes with those expected before any array is read.
"""

import contextlib
import io
import os
import zipfile

import h5py
import numpy as np

_NUMBERS = "fiu"  # Kinds of dtypes.
_LONGEST_HEADER = 2**16
_HEADER_READERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def list_shapes(file, suffix: str) -> dict[str, tuple[int, ...]]:
    """Reads which arrays of numbers a file declares, and none of their numbers.

    Args:
        file: A path, or a binary file.
        suffix: `".npz"` or `".h5"`, which the path need not end in.

    Returns:
        Dict from the names of the arrays, without `.npy`, to their shapes.

    Raises:
        ValueError: If the file is damaged, or of another kind.
    """
    with explaining_damage(file, suffix):
        return _list_npz_shapes(file) if suffix == ".npz" else _list_h5_shapes(file)


def read_arrays(file, suffix: str, names) -> dict[str, np.ndarray]:
    """Reads some arrays, whose shapes the caller has checked.

    Args:
        file: A path, or a binary file.
        suffix: As for `list_shapes`.
        names: Some of those that `list_shapes` returned.

    Returns:
        Dict from name to array, float32.

    Raises:
        ValueError: If the file is damaged, or of another kind.
    """
    with explaining_damage(file, suffix):
        if suffix == ".h5":
            with h5py.File(file) as h5:
                return {name: h5[name][()].astype("float32") for name in names}
        arrays = {}
        with zipfile.ZipFile(file) as archive:
            for name in names:
                with archive.open(f"{name}.npy") as member:
                    array = np.lib.format.read_array(member, allow_pickle=False)
                    arrays[name] = array.astype("float32")
        return arrays


@contextlib.contextmanager
def explaining_damage(file, suffix: str):
    """Turns what parsers raise into a `ValueError` that names the file.

    Args:
        file: What is read in the block: a path, or a binary file.
        suffix: Of which kind it should be.
    """
    try:
        yield
    # Which exception a parser raises depends on the byte that is wrong; there are more
    # than a dozen, from MemoryError to zlib's own.
    except Exception as error:
        is_path = isinstance(file, str | os.PathLike)
        name = repr(os.fspath(file)) if is_path else "in the file"
        raise ValueError(
            f"The weights {name} are damaged or no {suffix} file "
            f"({type(error).__name__}: {error})."
        ) from error


def read_npy_header(file) -> tuple[tuple[int, ...], np.dtype]:
    """Reads the shape and the dtype that an `.npy` file declares.

    Args:
        file: A binary file; it is left behind the header.

    Raises:
        ValueError: If it has no such header.
    """
    version = np.lib.format.read_magic(file)
    if version not in _HEADER_READERS:
        raise ValueError(f"version {version} of the .npy format is not supported")
    shape, _, dtype = _HEADER_READERS[version](file)
    return shape, dtype


def _list_npz_shapes(file):
    shapes = {}
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            if info.filename.endswith(".npy"):
                with archive.open(info) as member:
                    # A header's length is declared, too.
                    start = io.BytesIO(member.read(_LONGEST_HEADER))
                shape, dtype = read_npy_header(start)
                if dtype.kind in _NUMBERS:
                    shapes[info.filename.removesuffix(".npy")] = shape
    return shapes


def _list_h5_shapes(file):
    shapes = {}

    def collect(name, item):
        # What lies in other files is left alone: they are not the user's choice.
        if (
            isinstance(item, h5py.Dataset)
            and item.shape is not None
            and item.dtype.kind in _NUMBERS
            and not (item.is_virtual or item.external)
        ):
            shapes[name] = item.shape

    with h5py.File(file) as h5:
        h5.visititems(collect)
    return shapes
