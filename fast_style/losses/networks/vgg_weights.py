"""Where the weights of VGG come from: the package, ImageNet, a file, or chance.

Files written by others name their arrays in many ways; all of them become a
dict from `"block1_conv1"` to kernel and bias.
"""

import os
import pathlib
import re

from absl import logging
import keras
import numpy as np

from fast_style.io.stored_arrays import list_shapes
from fast_style.io.stored_arrays import read_arrays
from fast_style.losses.networks.pickled_arrays import read_pickled_dict
from fast_style.losses.networks.registry import get_spec
from fast_style.losses.networks.stored_convolutions import make_random_convolutions
from fast_style.losses.networks.stored_convolutions import read_convolutions
from fast_style.losses.networks.vgg_layout import Convolution
from fast_style.losses.networks.vgg_layout import LAST_BUNDLED
from fast_style.losses.networks.vgg_layout import list_convolutions
from fast_style.losses.networks.vgg_layout import list_kernels
from fast_style.losses.networks.vgg_layout import VGG16_FILE

WEIGHT_SUFFIXES = (".h5", ".npz", ".npy")
# In VGG16 and VGG19 they are 0.49 to 0.80, of numbers in the wrong places below 0.1.
LEAST_TAP_CORRELATION = 0.3


def load_weights(
    weights: str | os.PathLike,
    convolutions: list[Convolution] | None = None,
    *,
    name: str = "vgg16",
    seed: int = 0,
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Reads weights from where `vgg.load` says they may be.

    Args:
        weights: `"bundled"`, `"imagenet"`, `"random"` or a file.
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
    if weights == "bundled":
        return _read_bundled(convolutions, name)
    if weights == "imagenet":
        downloaded = _download_weights(name)
        return {c.name: downloaded[c.name] for c in convolutions}
    if weights == "random":
        return make_random_convolutions(list_kernels(convolutions), seed)
    path = pathlib.Path(weights)
    if path.suffix not in WEIGHT_SUFFIXES:
        raise ValueError(
            f"`loss_network_weights` must be {', '.join(get_spec(name).weights)} or a "
            f"file that ends in {', '.join(WEIGHT_SUFFIXES)}. "
            f"Received: loss_network_weights={os.fspath(weights)!r}"
        )
    if not path.is_file():
        raise FileNotFoundError(
            "`loss_network_weights` must be a file that exists. "
            f"Received: loss_network_weights={os.fspath(weights)!r}"
        )
    loaded = _read_file(path, convolutions)
    _warn_of_scrambled(loaded, path)
    return loaded


def measure_tap_correlation(kernel: np.ndarray) -> float:
    """Measures how alike neighbouring taps of a kernel are.

    A network that was trained on pictures sees smooth patterns, so the numbers of two
    neighbouring taps, over all channels, correlate. Where they do not, the numbers are
    likely to be in the wrong places: `(out, in, h, w)` read as `(h, w, in, out)`.

    Args:
        kernel: Numbers `(height, width, in, out)`.

    Returns:
        The mean correlation of the pairs of taps that touch along an axis, in [-1, 1].
    """
    height, width = kernel.shape[:2]
    taps = np.reshape(kernel, (height, width, -1)).astype("float64")
    pairs = [
        *(
            (taps[i, j], taps[i + 1, j])
            for i in range(height - 1)
            for j in range(width)
        ),
        *(
            (taps[i, j], taps[i, j + 1])
            for i in range(height)
            for j in range(width - 1)
        ),
    ]
    return float(np.mean([_correlate(one, other) for one, other in pairs]))


def _correlate(one, other):
    one, other = one - one.mean(), other - other.mean()
    energy = np.sqrt(np.square(one).sum() * np.square(other).sum())
    return one @ other / energy if energy else 0.0


def _warn_of_scrambled(weights, path):
    measured = {
        k: measure_tap_correlation(kernel) for k, (kernel, _) in weights.items()
    }
    if found := {k: v for k, v in measured.items() if v < LEAST_TAP_CORRELATION}:
        layers = ", ".join(f"{name} ({value:.2f})" for name, value in found.items())
        logging.warning(
            "Neighbouring taps of these kernels in %r hardly correlate: %s. In trained "
            "VGG they do, by 0.5 and more. Check that the numbers are in the order "
            "(height, width, in, out).",
            os.fspath(path),
            layers,
        )


def _read_bundled(convolutions, name):
    kernels = list_kernels(convolutions)
    if deeper := [each for each in kernels if each > LAST_BUNDLED]:
        raise ValueError(
            f"The bundled weights of {name} end with {LAST_BUNDLED}, whose layer is "
            f"relu5_1. Received: layers that need {', '.join(deeper)}. Use shallower "
            'ones, or `network_weights="imagenet"`, which Keras downloads, or a file.'
        )
    return read_convolutions(VGG16_FILE, kernels, network=name)


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
    for name, kernel in list_kernels(convolutions).items():
        expected = kernel, kernel[-1:]
        found = tuple(shapes[key] for key in pairs[name])
        if found != expected:
            raise ValueError(
                f"{name} must have kernel and bias of shape {expected}. "
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
