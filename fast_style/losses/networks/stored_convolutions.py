"""Kernels and biases of loss networks in `.npz` files."""

import os
import pathlib

import numpy as np

from fast_style.io.stored_arrays import list_shapes
from fast_style.io.stored_arrays import read_arrays


def read_convolutions(
    path: str | os.PathLike, kernels: dict[str, tuple[int, ...]], *, network: str
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Reads convolutions from a file with the keys `<name>/kernel`, `<name>/bias`.

    Args:
        path: An `.npz` file; it may hold more.
        kernels: Dict from the names that are needed to the shapes of their kernels,
            `(height, width, in, out)`.
        network: Whose convolutions they are, for messages.

    Returns:
        Dict from name to kernel and bias, float32.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is damaged, or of another network.
    """
    if not pathlib.Path(path).is_file():
        raise FileNotFoundError(
            f"The weights of {network} must be a file that exists. "
            f"Received: {os.fspath(path)!r}"
        )
    expected = {f"{name}/kernel": shape for name, shape in kernels.items()}
    expected |= {f"{name}/bias": shape[-1:] for name, shape in kernels.items()}
    # Before any array is read: a header may declare more than memory holds.
    shapes = list_shapes(path, ".npz")
    for key, shape in expected.items():
        if shapes.get(key) != shape:
            found = f"of shape {shapes[key]}" if key in shapes else "missing"
            raise ValueError(
                f"Expected weights of {network}, with {key} of shape {shape}. "
                f"Received: {os.fspath(path)!r}, where it is {found}"
            )
    arrays = read_arrays(path, ".npz", expected)
    return {
        name: (arrays[f"{name}/kernel"], arrays[f"{name}/bias"]) for name in kernels
    }
