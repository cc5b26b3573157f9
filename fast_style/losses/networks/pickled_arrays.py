"""Dicts of arrays in `.npy` files, which are pickles, read without running them.

In such files weights of VGG were passed on for years. A pickle is a program: it may
call any function and ask for any amount of memory. Here it can build plain containers
and arrays as large as the bytes that the file really holds.
"""

import io
import os
import pickle
import re

import numpy as np

from fast_style.io.stored_arrays import explaining_damage
from fast_style.io.stored_arrays import read_npy_header


def read_pickled_dict(path: str | os.PathLike) -> dict[str, object]:
    """Reads the dict of an `.npy` file.

    Args:
        path: Of a file as `np.save` writes it of a dict, in Python 2 or 3.

    Returns:
        Dict from name to what the file has there: plain containers and NumPy arrays.

    Raises:
        ValueError: If the file is damaged, holds something else than a dict with texts
            as keys, or asks for code.
    """
    with explaining_damage(path, ".npy"), open(path, "rb") as file:
        shape, dtype = read_npy_header(file)
        pickled = file.read() if shape == () and dtype.hasobject else None
    if pickled is None:
        raise ValueError(_describe(path, f"an array {shape} of {dtype}"))
    unpickler = _ArrayUnpickler(io.BytesIO(pickled), encoding="latin1")
    with explaining_damage(path, ".npy"):
        value = _unwrap(unpickler.load())
    if not isinstance(value, dict):
        raise ValueError(_describe(path, f"a {type(value).__name__}"))
    if others := {type(key).__name__ for key in value} - {"str"}:
        raise ValueError(_describe(path, f"keys of type {', '.join(sorted(others))}"))
    return {key: _unwrap(item) for key, item in value.items()}


def _describe(path, found):
    return (
        "A `.npy` file of weights holds one dict, with the names of layers as keys. "
        f"Received: {os.fspath(path)!r} with {found}"
    )


def _unwrap(value):
    if isinstance(value, list | tuple):
        return [item.value if isinstance(item, _Array) else item for item in value]
    return value.value if isinstance(value, _Array) else value


class _Dtype:
    """A dtype as a pickle describes it: numbers, or objects."""

    def __init__(self, code, *_):
        if not re.fullmatch(r"[fiu][1248]|O8?", code):
            raise ValueError(f"arrays of dtype {code!r:.40} are not supported")
        self.value = np.dtype(code)

    def __setstate__(self, state):
        self.value = self.value.newbyteorder(state[1])


class _Array:
    """An array as a pickle describes it; `value` is the array itself."""

    def __init__(self, *_):
        self.value = None

    def __setstate__(self, state):
        _, shape, dtype, is_fortran, data = state
        if dtype.value.hasobject:  # `np.save` wraps a dict so.
            (self.value,) = data
            return
        if isinstance(data, str):  # As Python 2 wrote bytes.
            data = data.encode("latin1")
        array = np.frombuffer(data, dtype.value)
        self.value = array.reshape(shape, order="F" if is_fortran else "C")


def _make_scalar(dtype, data):
    return np.frombuffer(data, dtype.value)[0]


def _encode_latin1(text, encoding):
    # How pickles of protocol 2 spell bytes.
    if encoding != "latin1":
        raise ValueError(f"unexpected text encoding {encoding!r:.40}")
    return text.encode("latin1")


_CLASSES = {
    ("numpy", "dtype"): _Dtype,
    ("numpy", "ndarray"): _Array,
    ("numpy.core.multiarray", "_reconstruct"): _Array,
    ("numpy.core.multiarray", "scalar"): _make_scalar,
    ("_codecs", "encode"): _encode_latin1,
}


# Python's own and not C's, which reserves as much memory as the pickle asks for.
class _ArrayUnpickler(pickle._Unpickler):
    """Rebuilds NumPy arrays in plain containers; refuses all other code."""

    def find_class(self, module, name):
        key = (module.replace("numpy._core", "numpy.core"), name)
        if key not in _CLASSES:
            raise pickle.UnpicklingError(
                "a `.npy` file of weights may hold NumPy arrays and nothing else. "
                f"This one asks for `{module}.{name}`, which could run code; it was "
                "not loaded"
            )
        return _CLASSES[key]

    def _build(self):
        # Or a pickle could set attributes of the functions above.
        state = self.stack.pop()
        if not isinstance(self.stack[-1], _Array | _Dtype):
            raise pickle.UnpicklingError("only arrays have a state")
        self.stack[-1].__setstate__(state)

    def _set_item(self):
        _check_keys(self.stack[-2:-1])
        self.load_setitem()

    def _set_items(self):
        _check_keys(self.stack[::2])
        self.load_setitems()

    def _make_dict(self):
        _check_keys(self.stack[::2])
        self.load_dict()

    dispatch = {  # noqa: RUF012
        **pickle._Unpickler.dispatch,
        pickle.BUILD[0]: _build,
        pickle.SETITEM[0]: _set_item,
        pickle.SETITEMS[0]: _set_items,
        pickle.DICT[0]: _make_dict,
    }
    for code in (pickle.EMPTY_SET, pickle.ADDITEMS, pickle.FROZENSET):
        del dispatch[code[0]]


def _check_keys(keys):
    # The hash of tuples in tuples overflows the stack of the process.
    for key in keys:
        if not isinstance(key, str | bytes | int | float):
            raise pickle.UnpicklingError(f"keys of type {type(key).__name__}")
