"""Kernels and biases of loss networks: in `.npz` files, and random ones."""

import os
import pathlib

import numpy as np

from fast_style.io.stored_arrays import list_shapes
from fast_style.io.stored_arrays import read_arrays


def read_convolutions(
    path: str | os.PathLike, kernels: dict[str, tuple[int, ...]], *, network: str
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Reads convolutions from a file with the keys `<name>/kernel`, `<name>/bias`.

    Where there is a `<name>/scale` too, a number for each output channel, the kernel
    holds whole numbers that are multiplied by it, as `quantize_kernel` makes them.

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
    scales = [name for name in kernels if f"{name}/scale" in shapes]
    for name in scales:
        if shapes[f"{name}/scale"] != kernels[name][-1:]:
            raise ValueError(
                f"Expected weights of {network}, with {name}/scale of shape "
                f"{kernels[name][-1:]}. Received: {os.fspath(path)!r}, where it is of "
                f"shape {shapes[f'{name}/scale']}"
            )
    wanted = [*expected, *(f"{name}/scale" for name in scales)]
    arrays = read_arrays(path, ".npz", wanted)
    for name in scales:
        arrays[f"{name}/kernel"] *= arrays[f"{name}/scale"]
    return {
        name: (arrays[f"{name}/kernel"], arrays[f"{name}/bias"]) for name in kernels
    }


def quantize_kernel(kernel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rounds a kernel to 8 bits, with a scale for each output channel.

    Args:
        kernel: Numbers `(height, width, in, out)`.

    Returns:
        int8 `(height, width, in, out)` in [-127, 127], and float32 `(out,)`, whose
        product is the kernel to half a scale.
    """
    kernel = np.asarray(kernel, "float32")
    scale = np.abs(kernel).max(axis=(0, 1, 2)) / np.float32(127)
    # A channel of zeros stays one.
    rounded = np.round(kernel / np.where(scale > 0, scale, 1))
    return rounded.astype("int8"), scale


def make_random_convolutions(
    kernels: dict[str, tuple[int, ...]], seed: int
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Makes random convolutions that keep the scale of activations.

    Args:
        kernels: Dict from name to shape `(height, width, in, out)`.
        seed: Seed of the random numbers.

    Returns:
        Dict from name to kernel, of He et al.'s initialization, and a bias of zeros;
        float32.

    References:
        He et al., 2015, https://arxiv.org/abs/1502.01852
    """
    rng = np.random.default_rng(seed)
    weights = {}
    for name, shape in kernels.items():
        deviation = np.sqrt(2 / np.prod(shape[:3]))
        kernel = rng.normal(0, deviation, shape).astype("float32")
        weights[name] = (kernel, np.zeros(shape[-1:], "float32"))
    return weights
