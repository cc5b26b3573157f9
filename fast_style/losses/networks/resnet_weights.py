"""Where the weights of ResNet-50 come from: ImageNet, a file, or a random generator."""

import math
import os
import pathlib

import keras
import numpy as np

from fast_style.io.stored_arrays import list_shapes
from fast_style.losses.networks.stored_convolutions import make_random_convolutions
from fast_style.losses.networks.stored_convolutions import read_convolutions

_NUM_BLOCKS = {"layer1": 3, "layer2": 4, "layer3": 6}
_WIDTHS = {"layer1": 64, "layer2": 128, "layer3": 256}
_LARGEST_ARRAY = 3 * 3 * 512 * 512  # Of Keras' ResNet50: a kernel of its last stage.
_BLOCKS = tuple(f"{s}.{i}" for s, count in _NUM_BLOCKS.items() for i in range(count))


def list_blocks(layers) -> tuple[str, ...]:
    """Returns the blocks that some layers need, in order, such as `"layer1.0"`."""
    places = [_BLOCKS.index(layer) + 1 for layer in layers if layer in _BLOCKS]
    return _BLOCKS[: max(places, default=0)]


def list_kernels(layers) -> dict[str, tuple[int, ...]]:
    """Returns the convolutions that some layers need, with the shapes of their kernels.

    Args:
        layers: Names such as `"layer2.1"`.

    Returns:
        Dict from names such as `"layer1.0.conv1"` to `(height, width, in, out)`.
    """
    kernels, channels = {"conv1": (7, 7, 3, 64)}, 64
    for block in list_blocks(layers):
        width = _WIDTHS[block.split(".")[0]]
        kernels[f"{block}.conv1"] = (1, 1, channels, width)
        kernels[f"{block}.conv2"] = (3, 3, width, width)
        kernels[f"{block}.conv3"] = (1, 1, width, 4 * width)
        if block.endswith(".0"):
            kernels[f"{block}.downsample"] = (1, 1, channels, 4 * width)
        channels = 4 * width
    return kernels


def load_weights(
    weights: str | os.PathLike, layers, *, name: str = "resnet50", seed: int = 0
) -> tuple[dict, bool]:
    """Reads weights from where `resnet.load` says they may be.

    Args:
        weights: `"imagenet"`, `"random"` or a file.
        layers: Names such as `"layer2.1"`; deeper weights are not kept.
        name: Of the network, for messages.
        seed: Of random weights.

    Returns:
        Dict from names such as `"layer1.0.conv1"` to `(kernel, bias)`, and whether
        they are in Keras' layout.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is damaged, lacks a layer or is of another network, or
            if the download fails.
    """
    kernels = list_kernels(layers)
    if weights == "random":
        return make_random_convolutions(kernels, seed), False
    suffix = pathlib.Path(weights).suffix
    if suffix == ".npz":
        return read_convolutions(weights, kernels, network=name), False
    if weights != "imagenet" and suffix != ".h5":
        raise ValueError(
            f'The weights of {name} must be "imagenet", "random", an `.h5` file of '
            f"Keras or an `.npz` file. Received: {os.fspath(weights)!r}"
        )
    network = _build_keras_network(weights, name)
    return {key: fold(network, to_keras_name(key)) for key in kernels}, True


def _build_keras_network(weights, name):
    if weights != "imagenet":
        _check_file(weights, name)
    try:
        return keras.applications.ResNet50(include_top=False, weights=weights)
    except Exception as error:
        if weights != "imagenet":
            raise ValueError(
                f"The weights {os.fspath(weights)!r} are damaged or not of Keras' "
                f"ResNet50 without its top ({type(error).__name__}: {error})."
            ) from error
        raise ValueError(
            f"Keras could not download the ImageNet weights of {name} ({error}). "
            "Fetch its `_notop.h5` file on a machine with internet and name its path "
            "(docs/training.md), or leave its terms out with a weight of 0."
        ) from error


def _check_file(path, name):
    if not pathlib.Path(path).is_file():
        raise FileNotFoundError(
            f"The weights of {name} must be a file that exists. "
            f"Received: {os.fspath(path)!r}"
        )
    # Before Keras reads any array: a header may declare more than memory holds.
    for key, shape in list_shapes(path, ".h5").items():
        if math.prod(shape) > _LARGEST_ARRAY:
            raise ValueError(
                f"The weights {os.fspath(path)!r} are not of Keras' ResNet50, whose "
                f"arrays are all smaller than {key} of shape {shape}."
            )


def to_keras_name(name: str) -> str:
    """Returns what Keras calls a convolution: `conv2_block1_0` for a `downsample`."""
    if name == "conv1":
        return "conv1"
    stage, rest = name.removeprefix("layer").split(".", 1)
    block, convolution = rest.split(".")
    number = "0" if convolution == "downsample" else convolution.removeprefix("conv")
    return f"conv{int(stage) + 1}_block{int(block) + 1}_{number}"


def fold(network, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Returns a convolution that includes the batch normalization behind it.

    Args:
        network: Keras' ResNet50.
        name: Such as `"conv2_block1_1"`.

    Returns:
        Kernel and bias, float32.
    """
    kernel, bias = map(np.asarray, network.get_layer(f"{name}_conv").get_weights())
    normalization = network.get_layer(f"{name}_bn")
    gamma, beta, mean, variance = map(np.asarray, normalization.get_weights())
    scale = gamma / np.sqrt(variance + normalization.epsilon)
    return kernel * scale, (bias - mean) * scale + beta
