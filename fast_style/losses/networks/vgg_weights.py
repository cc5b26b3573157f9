"""Where the weights of VGG come from: ImageNet, a file, or a random generator.

Files written by others name their arrays in many ways; all of them become a
dict from `"block1_conv1"` to kernel and bias.
"""

import os
import pathlib
import re
import typing

import keras
import numpy as np

from fast_style.io.stored_arrays import list_shapes
from fast_style.io.stored_arrays import read_arrays
from fast_style.losses.networks.pickled_arrays import read_pickled_dict
from fast_style.losses.networks.registry import get_spec

WEIGHT_SUFFIXES = (".h5", ".npz", ".npy")


class Convolution(typing.NamedTuple):
    """A convolution of VGG.

    Attributes:
        block: From 1 to 5; between blocks the features are pooled.
        number: In its block, from 1.
        filters: Channels of what it computes.
    """

    block: int
    number: int
    filters: int

    @property
    def name(self) -> str:
        """As Keras calls it, `"block1_conv1"`."""
        return f"block{self.block}_conv{self.number}"

    @property
    def layers(self) -> tuple[str, str]:
        """What it computes, before and after the ReLU: `("conv1_1", "relu1_1")`."""
        place = f"{self.block}_{self.number}"
        return f"conv{place}", f"relu{place}"


def list_convolutions(name: str) -> list[Convolution]:
    """Returns all convolutions of `"vgg16"` or `"vgg19"`, in order."""
    layers = get_spec(name).layers
    every = (
        Convolution(block, number, layers[layer].channels)
        for block in range(1, 6)
        for number in range(1, 5)
        if (layer := f"relu{block}_{number}") in layers
    )
    return list(every)


def load_weights(
    weights: str | os.PathLike,
    convolutions: list[Convolution] | None = None,
    *,
    name: str = "vgg16",
    seed: int = 0,
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Reads weights from where `vgg.load` says they may be.

    Args:
        weights: `"imagenet"`, `"random"` or a file.
        convolutions: Those that are needed, from the first on; None: all.
        name: `"vgg16"` or `"vgg19"`.
        seed: Of random weights.

    Returns:
        Dict from `"block1_conv1"` to kernel `(3, 3, C_in, C_out)` and bias
        `(C_out,)`, float32.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is damaged, lacks a convolution or has one of another
            shape, or if the download fails.
    """
    if convolutions is None:
        convolutions = list_convolutions(name)
    if weights == "imagenet":
        downloaded = _download_weights(name)
        return {c.name: downloaded[c.name] for c in convolutions}
    if weights == "random":
        return _make_random_weights(convolutions, seed)
    path = pathlib.Path(weights)
    if path.suffix not in WEIGHT_SUFFIXES:
        raise ValueError(
            '`loss_network_weights` must be "imagenet", "random" or a file that ends '
            f"in {', '.join(WEIGHT_SUFFIXES)}. "
            f"Received: loss_network_weights={os.fspath(weights)!r}"
        )
    if not path.is_file():
        raise FileNotFoundError(
            "`loss_network_weights` must be a file that exists. "
            f"Received: loss_network_weights={os.fspath(weights)!r}"
        )
    return _read_file(path, convolutions)


def _download_weights(name):
    build = {"vgg16": keras.applications.VGG16, "vgg19": keras.applications.VGG19}[name]
    try:
        network = build(include_top=False, weights="imagenet")
    except Exception as error:
        raise ValueError(
            f"Keras could not download the ImageNet weights of {name} ({error}). "
            "Fetch its `_notop.h5` file on a machine with internet and set "
            "`loss_network_weights` to its path; see docs/training.md."
        ) from error
    return {
        layer.name: tuple(np.asarray(values) for values in layer.get_weights())
        for layer in network.layers
        if layer.get_weights()
    }


def _make_random_weights(convolutions, seed):
    rng = np.random.default_rng(seed)
    weights = {}
    for convolution, (kernel_shape, bias_shape) in _list_expected(convolutions):
        deviation = np.sqrt(2 / np.prod(kernel_shape[:3]))
        kernel = rng.normal(0, deviation, kernel_shape).astype("float32")
        weights[convolution.name] = (kernel, np.zeros(bias_shape, "float32"))
    return weights


def _list_expected(convolutions):
    pairs, channels = [], 3
    for convolution in convolutions:
        filters = convolution.filters
        pairs.append((convolution, ((3, 3, channels, filters), (filters,))))
        channels = filters
    return pairs


def _read_file(path, convolutions):
    if path.suffix == ".npy":
        arrays = _read_npy(path)
        shapes = {key: array.shape for key, array in arrays.items()}
    else:
        shapes = list_shapes(path, path.suffix)
    pairs = _pair_up(shapes)
    # Before any array is read: a header may declare more than memory holds.
    _check_shapes(path, shapes, pairs, convolutions)
    keys = [key for convolution in convolutions for key in pairs[convolution.name]]
    if path.suffix != ".npy":
        arrays = read_arrays(path, path.suffix, keys)
    values = iter([arrays[key].astype("float32") for key in keys])
    return {
        convolution.name: (next(values), next(values)) for convolution in convolutions
    }


def _check_shapes(path, shapes, pairs, convolutions):
    missing = [c.name for c in convolutions if c.name not in pairs]
    if missing:
        raise ValueError(
            f"The weights in {os.fspath(path)!r} lack {', '.join(missing)}. They "
            f"hold: {', '.join(sorted(pairs)) or 'no convolution'}. Use shallower "
            'style and content layers, or the weights "imagenet".'
        )
    for convolution, expected in _list_expected(convolutions):
        found = tuple(shapes[key] for key in pairs[convolution.name])
        if found != expected:
            raise ValueError(
                f"{convolution.name} must have kernel and bias of shape {expected}. "
                f"Received: {found} from {os.fspath(path)!r}"
            )


def _pair_up(shapes):
    # The names differ from writer to writer; what is 4-D is the kernel.
    found, numbered = {}, {}
    for key, shape in shapes.items():
        if "optimizer" in key:  # Of a network saved after training.
            continue
        if convolution := _find_convolution(key):
            found.setdefault(convolution, []).append((len(shape), key))
        elif match := re.search(r"(?:^|/)conv2d(?:_(\d+))?/vars/\d$", key):
            numbered.setdefault(int(match[1] or 0), []).append((len(shape), key))
    pairs = {}
    for convolution, keys in (found or _name_by_order(numbered)).items():
        kernels = [key for rank, key in keys if rank == 4]
        biases = [key for rank, key in keys if rank == 1]
        if len(kernels) == len(biases) == 1:
            pairs[convolution] = (kernels[0], biases[0])
    return pairs


def _find_convolution(text):
    match = re.search(r"(?:block|conv)(\d)_(?:conv)?(\d)", text)
    return f"block{match[1]}_conv{match[2]}" if match else None


def _name_by_order(numbered):
    # Keras 3 writes `layers/conv2d_3/vars/0`, without the layers' own names; the
    # number of convolutions tells VGG16 from VGG19.
    for network in ("vgg16", "vgg19"):
        names = [convolution.name for convolution in list_convolutions(network)]
        if sorted(numbered) == list(range(len(names))):
            return {name: numbered[i] for i, name in enumerate(names)}
    return {}


def _read_npy(path):
    arrays = {}
    for key, values in read_pickled_dict(path).items():
        if _find_convolution(key) is None:
            continue
        if not isinstance(values, list | tuple) or not all(map(_is_array, values)):
            raise ValueError(
                f"In a `.npy` file of weights {key!r} must be a list of two arrays, "
                f"kernel and bias. Received: {os.fspath(path)!r} with other things"
            )
        arrays |= {f"{key}/{i}": np.asarray(v) for i, v in enumerate(values)}
    return arrays


def _is_array(value):
    try:
        return np.asarray(value).dtype.kind in "fiu"  # Also of plain lists of numbers.
    except ValueError:
        return False
