"""Loss networks, built by name."""

import importlib
import os

from fast_style.io.files import expand_home
from fast_style.losses.networks.registry import check_layers
from fast_style.losses.networks.registry import get_spec


def make_loss_network(
    name: str,
    layers,
    *,
    weights: str | os.PathLike = "",
    pooling: str = "max",
    padding: str = "zeros",
    dtype: str = "float32",
    seed: int = 0,
):
    """Builds a loss network, as deep as some layers need.

    Args:
        name: A name in `registry.NETWORKS`.
        layers: Some of its layers; deeper weights are not kept.
        weights: A name of weights in its entry, or a file, which may lack deeper
            layers. Empty: the first name, unless it is `random`.
        pooling: `"max"` or `"average"`, as its entry allows.
        padding: `"zeros"` or `"symmetric"`, see `convolution.convolve`.
        dtype: Dtype of the convolutions and of the activations.
        seed: Of random weights.

    Returns:
        A plain object with the attributes `name` and `weights`. Called with images
        `(B, H, W, 3)`, RGB in [0, 255], and layers, it returns a dict from layer to
        activations `(B, H_l, W_l, C_l)` of this dtype.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the network has no such layer or pooling, or needs a file and
            none is named, or the file is damaged, lacks a layer or has one of another
            shape.
    """
    spec = get_spec(name)
    check_layers(name, layers)
    if pooling not in spec.poolings:
        raise ValueError(
            f"`pooling` of {name} must be one of {', '.join(spec.poolings)}. "
            f"Received: pooling={pooling!r}"
        )
    if not weights and spec.default_weights is None:
        raise ValueError(
            f"The weights of {name} are not bundled, so `network_weights` must name a "
            "file of them, as docs/training.md describes. Received: none"
        )
    module = importlib.import_module(f"fast_style.losses.networks.{spec.module}")
    return module.load(
        name,
        tuple(layers),
        weights=expand_home(weights) or spec.default_weights,
        pooling=pooling,
        padding=padding,
        dtype=dtype,
        seed=seed,
    )
