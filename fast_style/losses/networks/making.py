"""Loss networks by their name."""

import importlib
import os

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
        weights: One of the names of weights that its entry has, or a file. A file
            may lack deeper layers. Empty: the first of the names.
        pooling: `"max"` or `"average"`, as its entry allows.
        padding: `"zeros"` or `"symmetric"`, see `convolution.convolve`.
        dtype: In what the convolutions compute.
        seed: Of random weights.

    Returns:
        A plain object, called with images and layers, with the attributes `name` and
        `weights`.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the network has no such layer or pooling, or the file lacks a
            layer or has one of another shape.
    """
    spec = get_spec(name)
    check_layers(name, layers)
    if pooling not in spec.poolings:
        raise ValueError(
            f"`pooling` of {name} must be one of {', '.join(spec.poolings)}. "
            f"Received: pooling={pooling!r}"
        )
    module = importlib.import_module(f"fast_style.losses.networks.{spec.module}")
    return module.load(
        name,
        tuple(layers),
        weights=weights or spec.weights[0],
        pooling=pooling,
        padding=padding,
        dtype=dtype,
        seed=seed,
    )
