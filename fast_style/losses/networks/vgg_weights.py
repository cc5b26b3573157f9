"""Where the weights of VGG come from: ImageNet, a file, or a random generator.

Files written by others name their arrays in many ways; all of them become a
dict from `"block1_conv1"` to kernel and bias.
"""

import os
import pathlib
import pickle
import re
import zipfile

import h5py
import keras
import numpy as np

# Filters of each block and number of its convolutions. Simonyan & Zisserman,
# 2015, https://arxiv.org/abs/1409.1556, columns D and E of table 1.
FILTERS = (64, 128, 256, 512, 512)
NUM_CONVOLUTIONS = {"vgg16": (2, 2, 3, 3, 3), "vgg19": (2, 2, 4, 4, 4)}
WEIGHT_SUFFIXES = (".h5", ".npz", ".npy")


def load_weights(
    weights: str | os.PathLike, *, name: str = "vgg16", seed: int = 0
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Reads weights from where `vgg.load` says they may be.

    Returns:
        Dict from `"block1_conv1"` to kernel `(3, 3, C_in, C_out)` and bias
        `(C_out,)`, float32, for all convolutions that were found.
    """
    if weights == "imagenet":
        return _download_weights(name)
    if weights == "random":
        return _random_weights(name, seed)
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
    read = {".h5": _read_h5, ".npz": _read_npz, ".npy": _read_npy}[path.suffix]
    try:
        return read(path)
    except (OSError, EOFError, zipfile.BadZipFile, pickle.UnpicklingError) as error:
        raise ValueError(
            f"The weights {os.fspath(path)!r} are damaged or no {path.suffix} file "
            f"({error})."
        ) from error


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


def list_convolutions(name: str) -> list[str]:
    """Lists all convolutions of `"vgg16"` or `"vgg19"`, from `"block1_conv1"` on."""
    return [
        f"block{block}_conv{number}"
        for block, count in enumerate(NUM_CONVOLUTIONS[name], start=1)
        for number in range(1, count + 1)
    ]


def _random_weights(name, seed):
    rng = np.random.default_rng(seed)
    weights = {}
    channels = 3
    for convolution in list_convolutions(name):
        filters = FILTERS[int(convolution[5]) - 1]
        deviation = np.sqrt(2 / (9 * channels))
        kernel = rng.normal(0, deviation, (3, 3, channels, filters))
        bias = np.zeros(filters, "float32")
        weights[convolution] = (kernel.astype("float32"), bias)
        channels = filters
    return weights


def _pair_up(arrays):
    # The names differ from writer to writer; what is 4-D is the kernel.
    weights = {}
    for convolution, values in arrays.items():
        kernels = [v for v in values if v.ndim == 4]
        biases = [v for v in values if v.ndim == 1]
        if len(kernels) == len(biases) == 1:
            pair = (kernels[0].astype("float32"), biases[0].astype("float32"))
            weights[convolution] = pair
    return weights


def _find_convolution(text):
    match = re.search(r"(?:block|conv)(\d)_(?:conv)?(\d)", text)
    return f"block{match[1]}_conv{match[2]}" if match else None


def _read_npz(path):
    arrays = {}
    if not zipfile.is_zipfile(path):
        raise zipfile.BadZipFile("not a zip file")
    with np.load(path, allow_pickle=False) as file:
        for key in file.files:
            if convolution := _find_convolution(key):
                arrays.setdefault(convolution, []).append(file[key])
    return _pair_up(arrays)


def _read_h5(path):
    named, numbered = {}, {}
    with h5py.File(path) as file:

        def collect(key, item):
            is_moment = "optimizer" in key  # Of a network saved after training.
            if isinstance(item, h5py.Dataset) and not is_moment:
                if convolution := _find_convolution(key):
                    named.setdefault(convolution, []).append(item[()])
                elif match := re.search(r"(?:^|/)conv2d(?:_(\d+))?/vars/\d$", key):
                    number = int(match[1] or 0)
                    numbered.setdefault(number, []).append(item[()])

        file.visititems(collect)
    return _pair_up(named or _name_by_order(numbered))


def _name_by_order(numbered):
    # Keras 3 writes `layers/conv2d_3/vars/0`, without the layers' own names; the
    # number of convolutions tells VGG16 from VGG19.
    for network in NUM_CONVOLUTIONS:
        names = list_convolutions(network)
        if len(numbered) == len(names):
            return {name: numbered[i] for i, name in enumerate(names)}
    return {}


def _read_npy(path):
    with open(path, "rb") as file:
        version = np.lib.format.read_magic(file)
        read_header = getattr(np.lib.format, f"read_array_header_{version[0]}_0")
        shape, _, dtype = read_header(file)
        if shape != () or not dtype.hasobject:
            raise ValueError(
                "A `.npy` file of weights holds one dict. "
                f"Received: {os.fspath(path)!r} with an array {shape} of {dtype}"
            )
        entries = _ArrayUnpickler(file, encoding="latin1").load()
    while isinstance(entries, np.ndarray):
        entries = entries.item()
    arrays = {
        convolution: [np.asarray(value) for value in values]
        for key, values in entries.items()
        if (convolution := _find_convolution(key))
    }
    return _pair_up(arrays)


class _ArrayUnpickler(pickle.Unpickler):
    """Rebuilds NumPy arrays in plain containers; refuses all other code."""

    def find_class(self, module, name):
        package = module.replace("numpy._core", "numpy.core")
        if (package, name) in {
            ("numpy", "dtype"),
            ("numpy", "ndarray"),
            ("numpy.core.multiarray", "_reconstruct"),
            ("numpy.core.multiarray", "scalar"),
        }:
            return super().find_class(module, name)
        if (module, name) == ("_codecs", "encode"):
            return _encode_latin1  # How old pickles spell bytes.
        raise ValueError(
            "A `.npy` file of weights may hold NumPy arrays and nothing else. "
            f"This one asks for `{module}.{name}`, which could run code; it was "
            "not loaded."
        )


def _encode_latin1(text, encoding):
    if encoding != "latin1":
        raise ValueError(f"Unexpected text encoding in a `.npy` file: {encoding!r}")
    return text.encode("latin1")
