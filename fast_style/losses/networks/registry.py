"""The registry of loss networks: what of them can be compared, and who builds them.

To add one, write a file beside this one with a function `load`, as in `pocket.py`, and
add its entry here. Like every registry this imports nothing of the library, so that
the checks of a config can ask it.
"""

import dataclasses
import typing


class Layer(typing.NamedTuple):
    """One layer of a loss network.

    Attributes:
        channels: Of its activations.
        stride: Pixels of the image per place of the activations.
    """

    channels: int
    stride: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class NetworkSpec:
    """What is to be known of a loss network before any weights are read.

    Attributes:
        module: File beside this one, whose `load` builds it.
        layers: Dict from the names of its layers to their channels and strides.
        weights: Names of weights that need no file; the first is the default.
        poolings: `max`, `average`; the first is the one that it was trained with.
        summary: What it is, in a few words.
    """

    module: str
    layers: dict[str, Layer]
    weights: tuple[str, ...]
    poolings: tuple[str, ...]
    summary: str


def _list_vgg_layers(num_convolutions):
    # Simonyan & Zisserman, 2015, https://arxiv.org/abs/1409.1556, table 1, columns D
    # and E. `conv1_1` is `relu1_1` before its ReLU.
    channels = (64, 128, 256, 512, 512)
    return {
        f"{kind}{block + 1}_{number + 1}": Layer(channels[block], 2**block)
        for kind in ("relu", "conv")
        for block, count in enumerate(num_convolutions)
        for number in range(count)
    }


NETWORKS = {
    "pocket": NetworkSpec(
        module="pocket",
        layers={
            "relu1_1": Layer(64, 1),
            "relu1_2": Layer(64, 1),
            "relu2_1": Layer(128, 2),
            "relu2_2": Layer(128, 2),
        },
        weights=("bundled",),
        poolings=("max",),
        summary="bundled; imitates the first two blocks of VGG16",
    ),
    "vgg16": NetworkSpec(
        module="vgg",
        layers=_list_vgg_layers((2, 2, 3, 3, 3)),
        weights=("imagenet", "random"),
        poolings=("max", "average"),
        summary="the loss network of Johnson et al., 2016",
    ),
    "vgg19": NetworkSpec(
        module="vgg",
        layers=_list_vgg_layers((2, 2, 4, 4, 4)),
        weights=("imagenet", "random"),
        poolings=("max", "average"),
        summary="the loss network of Gatys et al., 2016",
    ),
}


def get_spec(name: str) -> NetworkSpec:
    """Returns the entry of a loss network.

    Raises:
        ValueError: If there is none of this name.
    """
    if name not in NETWORKS:
        raise ValueError(
            f"`loss_network` must be one of {', '.join(NETWORKS)}. "
            f"Received: loss_network={name!r}"
        )
    return NETWORKS[name]


def check_layers(name: str, layers) -> None:
    """Checks that a loss network has some layers.

    Raises:
        ValueError: If it lacks one.
    """
    known = get_spec(name).layers
    if unknown := [layer for layer in layers if layer not in known]:
        raise ValueError(
            f"Layers of {name} are {', '.join(known)}. Received: {', '.join(unknown)}"
        )


def find_stride(name: str, layers) -> int:
    """Returns the largest stride of some layers of a loss network."""
    check_layers(name, layers)
    return max(NETWORKS[name].layers[layer].stride for layer in layers)


def find_smallest_side(name: str, layers, num_levels: int) -> int:
    """Returns how many pixels a picture needs for layers on a pyramid.

    Args:
        name: Of the loss network.
        layers: Some of its layers.
        num_levels: Of the pyramid.
    """
    # Each level halves, and so that the pyramid's filter has 3 pixels to mirror, there
    # must be 2 at the last one even for layers of stride 1.
    return 2 ** (num_levels - 1) * max(find_stride(name, layers), 2)
