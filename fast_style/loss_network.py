"""The frozen network whose features say how alike two pictures look.

Takes images as everywhere, RGB in [0, 255]; the order BGR and the subtraction
of the mean that VGG was trained with happen inside.
"""

import os
import pathlib
import pickle
import re
import zipfile

import h5py
import keras
from keras import ops
import numpy as np

# Filters of each block and number of its convolutions. Simonyan & Zisserman,
# 2015, https://arxiv.org/abs/1409.1556, columns D and E of table 1.
FILTERS = (64, 128, 256, 512, 512)
NUM_CONVOLUTIONS = {"vgg16": (2, 2, 3, 3, 3), "vgg19": (2, 2, 4, 4, 4)}
BGR_MEAN = (103.939, 116.779, 123.68)
WEIGHT_SUFFIXES = (".h5", ".npz", ".npy")


class LossNetwork:
    """VGG up to the deepest layer that is asked for, without any training.

    A plain object with NumPy weights, not a Keras layer: Keras saves every
    network that hangs on its objects, so VGG would be in each checkpoint.

    Args:
        weights: Dict from `"block1_conv1"` to `(kernel, bias)`, as
            `load_weights` returns it.
        name: `"vgg16"` or `"vgg19"`.
        dtype: In what the convolutions compute; features are float32.
    """

    def __init__(self, weights, *, name: str = "vgg16", dtype: str = "float32"):
        self.name = name
        self.dtype = dtype
        self.weights = weights

    def __call__(self, images, layers):
        """Returns what the network sees at some layers.

        Args:
            images: RGB `(B, H, W, 3)` in [0, 255]. Each block after the
                first halves them: for layers of block b, `H` and `W` must
                be at least 2^(b - 1).
            layers: Names such as `"relu1_2"`.

        Returns:
            Dict from layer to activations `(B, H_l, W_l, C_l)`, float32.
        """
        x = ops.cast(images, "float32")[..., ::-1] - ops.array(BGR_MEAN, "float32")
        x = ops.cast(x, self.dtype)
        block = 1
        features = {}
        for convolution in convolutions_up_to(layers, name=self.name):
            if convolution[5] != str(block):
                x = ops.max_pool(x, 2, 2)
                block += 1
            kernel, bias = self.weights[convolution]
            x = ops.conv(x, ops.cast(kernel, self.dtype), padding="same")
            x = ops.relu(x + ops.cast(bias, self.dtype))
            layer = _to_layer(convolution)
            if layer in layers:
                features[layer] = ops.cast(x, "float32")
        return features


def convolutions_up_to(layers, *, name: str = "vgg16") -> list[str]:
    """Lists the convolutions that some layers need, in order.

    Args:
        layers: Names such as `"relu1_2"`.
        name: `"vgg16"` or `"vgg19"`.

    Returns:
        Names such as `["block1_conv1", "block1_conv2"]`.

    Raises:
        ValueError: If the network has no such layer, or is none.
    """
    if name not in NUM_CONVOLUTIONS:
        raise ValueError(
            "`loss_network` must be one of "
            f"{', '.join(NUM_CONVOLUTIONS)}. Received: loss_network={name!r}"
        )
    convolutions = [
        f"block{block}_conv{number}"
        for block, count in enumerate(NUM_CONVOLUTIONS[name], start=1)
        for number in range(1, count + 1)
    ]
    known = [_to_layer(convolution) for convolution in convolutions]
    unknown = [layer for layer in layers if layer not in known]
    if unknown:
        raise ValueError(
            f"Layers of {name} are {', '.join(known)}. Received: {', '.join(unknown)}"
        )
    depth = max((known.index(layer) for layer in layers), default=-1)
    return convolutions[: depth + 1]


def _to_layer(convolution):
    return "relu" + convolution.removeprefix("block").replace("_conv", "_")


def make_loss_network(
    layers,
    *,
    name: str = "vgg16",
    weights: str | os.PathLike = "imagenet",
    dtype: str = "float32",
    seed: int = 0,
) -> LossNetwork:
    """Builds the loss network as deep as some layers need.

    Args:
        layers: Names such as `"relu1_2"`; deeper weights are not kept.
        name: `"vgg16"` or `"vgg19"`.
        weights: `"imagenet"` (Keras downloads them once, 59 or 80 MB),
            `"random"` (He et al.'s initialisation, for tests and trials), or
            a file: `.h5` or `.weights.h5` of Keras, `.npz` with keys like
            `block1_conv1/kernel`, `.npy` with a dict like
            `{"conv1_1": [kernel, bias]}`. A file may lack deeper layers.
        dtype: In what the convolutions compute.
        seed: Of the random weights.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file lacks a layer, or one has another shape.

    References:
        He, Wang & Hopcroft, 2016, https://arxiv.org/abs/1606.04801, on what
        random weights still carry.
    """
    convolutions = convolutions_up_to(layers, name=name)
    loaded = load_weights(weights, name=name, seed=seed)
    _check_weights(loaded, convolutions, weights)
    kept = {convolution: loaded[convolution] for convolution in convolutions}
    return LossNetwork(kept, name=name, dtype=dtype)


def load_weights(
    weights: str | os.PathLike, *, name: str = "vgg16", seed: int = 0
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Reads weights from where `make_loss_network` says they may be.

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


def _check_weights(weights, convolutions, source):
    missing = [c for c in convolutions if c not in weights]
    if missing:
        raise ValueError(
            f"The weights in {os.fspath(source)!r} lack {', '.join(missing)}. They "
            f"hold: {', '.join(sorted(weights)) or 'no convolution'}. Use shallower "
            'style and content layers, or the weights "imagenet".'
        )
    channels = 3
    for convolution in convolutions:
        filters = FILTERS[int(convolution[5]) - 1]
        shapes = tuple(values.shape for values in weights[convolution])
        expected = ((3, 3, channels, filters), (filters,))
        if shapes != expected:
            raise ValueError(
                f"{convolution} must have kernel and bias of shape {expected}. "
                f"Received: {shapes} from {os.fspath(source)!r}"
            )
        channels = filters


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


def _random_weights(name, seed):
    rng = np.random.default_rng(seed)
    weights = {}
    channels = 3
    for block, count in enumerate(NUM_CONVOLUTIONS[name], start=1):
        filters = FILTERS[block - 1]
        for number in range(1, count + 1):
            deviation = np.sqrt(2 / (9 * channels))
            kernel = rng.normal(0, deviation, (3, 3, channels, filters))
            bias = np.zeros(filters, "float32")
            weights[f"block{block}_conv{number}"] = (kernel.astype("float32"), bias)
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
    for counts in NUM_CONVOLUTIONS.values():
        if len(numbered) == sum(counts):
            names = [
                f"block{block}_conv{number}"
                for block, count in enumerate(counts, start=1)
                for number in range(1, count + 1)
            ]
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
