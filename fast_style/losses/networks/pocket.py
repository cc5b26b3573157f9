"""The pocket loss network: VGG16's first two blocks, imitated by a small network.

It is bundled, so that a style can be trained without any download, and takes 0.4 of
the time of these two blocks. `training/distillation.py` trains it.
"""

import os
import pathlib

from keras import ops
import numpy as np

from fast_style.io.files import replacing
from fast_style.losses.networks.convolution import convolve
from fast_style.losses.networks.registry import get_spec
from fast_style.losses.networks.stored_convolutions import read_convolutions

POCKET_FILE = pathlib.Path(__file__).with_name("pocket.npz")
RGB_MEAN = (123.68, 116.779, 103.939)
POCKET_LAYERS = tuple(get_spec("pocket").layers)
# Kernel size, channels, filters. A narrow trunk of 3x3 convolutions, with max pooling
# in its middle; each of VGG16's layers is computed from it by a convolution of its
# own, the first one straight from the pixels.
POCKET_CONVOLUTIONS = {
    "relu1_1": (3, 3, 64),
    "trunk1": (3, 3, 24),
    "trunk2": (3, 24, 24),
    "relu1_2": (1, 24, 64),
    "trunk3": (3, 24, 48),
    "relu2_1": (1, 48, 128),
    "trunk4": (3, 48, 64),
    "relu2_2": (1, 64, 128),
}


class PocketNetwork:
    """Computes about the activations that VGG16 has at `relu1_1` to `relu2_2`.

    Called as a `VGGNetwork` is.

    Args:
        weights: Dict from the names of `POCKET_CONVOLUTIONS` to
            `(kernel, bias)`; arrays, or variables while it is trained.
        padding: As in `convolve`.
        dtype: Dtype of the convolutions and of the activations.

    References:
        Distilled from VGG16, Simonyan & Zisserman, 2015,
        https://arxiv.org/abs/1409.1556, weights under CC BY 4.0.
    """

    name = "pocket"

    def __init__(self, weights, *, padding: str = "zeros", dtype: str = "float32"):
        self.weights = weights
        self.padding = padding
        self.dtype = dtype

    def __call__(self, images, layers):
        """Computes the activations of some layers.

        Args:
            images: RGB `(B, H, W, 3)` in [0, 255]; `H` and `W` at least 2 for
                layers of block 2.
            layers: Some of `POCKET_LAYERS`.

        Returns:
            Dict from layer to activations `(B, H_l, W_l, C_l)` of the dtype of the
            convolutions, with as many channels as VGG16 has there.
        """
        images = ops.cast(images, "float32") - ops.array(RGB_MEAN, "float32")
        images = ops.cast(images, self.dtype)
        features = {}
        if "relu1_1" in layers:
            features["relu1_1"] = self._convolve("relu1_1", images)
        if {"relu1_2", "relu2_1", "relu2_2"} & set(layers):
            x = self._convolve("trunk2", self._convolve("trunk1", images))
            if "relu1_2" in layers:
                features["relu1_2"] = self._convolve("relu1_2", x)
        if {"relu2_1", "relu2_2"} & set(layers):
            x = self._convolve("trunk3", ops.max_pool(x, 2, 2))
            if "relu2_1" in layers:
                features["relu2_1"] = self._convolve("relu2_1", x)
        if "relu2_2" in layers:
            features["relu2_2"] = self._convolve("relu2_2", self._convolve("trunk4", x))
        return features

    def _convolve(self, name, x):
        kernel, bias = self.weights[name]
        x = convolve(x, ops.cast(kernel, self.dtype), self.padding)
        return ops.relu(x + ops.cast(bias, self.dtype))


def load_pocket(
    path: str | os.PathLike = POCKET_FILE,
    *,
    padding: str = "zeros",
    dtype: str = "float32",
) -> PocketNetwork:
    """Loads the pocket network.

    Args:
        path: A file that `save_pocket` wrote; by default the bundled one.
        padding: As in `convolve`.
        dtype: Dtype of the convolutions and of the activations.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is damaged, or of another network.
    """
    kernels = {
        name: (size, size, channels, filters)
        for name, (size, channels, filters) in POCKET_CONVOLUTIONS.items()
    }
    weights = read_convolutions(path, kernels, network="pocket")
    return PocketNetwork(weights, padding=padding, dtype=dtype)


def save_pocket(weights, path) -> None:
    """Writes the weights of a pocket network in float16, a quarter of a megabyte.

    Args:
        weights: Dict from the names of `POCKET_CONVOLUTIONS` to
            `(kernel, bias)`.
        path: A `.npz` file.
    """
    arrays = {}
    for name in POCKET_CONVOLUTIONS:
        kernel, bias = weights[name]
        arrays[f"{name}/kernel"] = np.asarray(kernel, "float16")
        arrays[f"{name}/bias"] = np.asarray(bias, "float16")
    with replacing(path) as temporary, open(temporary, "wb") as file:
        np.savez(file, **arrays)


def load(name, layers, *, weights, pooling, padding, dtype, seed) -> PocketNetwork:
    """Loads the pocket network; see `making.make_loss_network`.

    Args:
        name: `"pocket"`.
        layers: Unused; all are kept.
        weights: `"bundled"`, or a file that `save_pocket` wrote.
        pooling: `"max"`.
        padding: `"zeros"` or `"symmetric"`.
        dtype: Of the convolutions.
        seed: Unused; nothing is random.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is damaged, or of another network.
    """
    del name, layers, pooling, seed
    path = POCKET_FILE if weights == "bundled" else weights
    return load_pocket(path, padding=padding, dtype=dtype)
