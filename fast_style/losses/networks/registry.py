"""The registry of loss networks: their layers, and the files that load them.

To add one, write a file beside this one with a function `load`, as in `pocket.py`, and
add its entry here. Like every registry this imports nothing of the library, so that
the checks of a config can ask it.
"""

import dataclasses
import difflib
import typing


class Layer(typing.NamedTuple):
    """One layer of a loss network.

    Attributes:
        channels: Of its activations.
        stride: Pixels of the image per pixel of the activations, along one axis.
        smallest_side: Of images that have any activations there; 0: `stride`.
    """

    channels: int
    stride: int
    smallest_side: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class NetworkSpec:
    """What is known of a loss network before any weights are read.

    Attributes:
        module: File beside this one, without `.py`; its `load` builds the network.
        layers: Dict from the names of the layers to their channels and strides.
        weights: Names of weights that need no file; the first is the default, unless it
            is `random`: then there is none, and a file must be named.
        poolings: `max`, `average`; the first is the one that it was trained with.
    """

    module: str
    layers: dict[str, Layer]
    weights: tuple[str, ...]
    poolings: tuple[str, ...]

    @property
    def default_weights(self) -> str | None:
        """Name of the weights that need not be named, or None."""
        first = self.weights[0]
        return None if first == "random" else first


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


def _list_squeezenet_layers():
    # Iandola et al., 2016, https://arxiv.org/abs/1602.07360, table 1. Without padding
    # the first convolution takes some pixels of each side.
    return {
        "conv1": Layer(96, 2, 7),
        **dict.fromkeys(("fire2", "fire3"), Layer(128, 4, 9)),
        "fire4": Layer(256, 4, 9),
        "fire5": Layer(256, 8, 13),
        **dict.fromkeys(("fire6", "fire7"), Layer(384, 8, 13)),
        "fire8": Layer(512, 8, 13),
        "fire9": Layer(512, 16, 21),
        "conv10": Layer(1000, 16, 21),
    }


def _list_resnet_layers():
    # He et al., 2015, https://arxiv.org/abs/1512.03385, table 1: stages 1 to 3.
    stages = {"layer1": (256, 4, 3), "layer2": (512, 8, 4), "layer3": (1024, 16, 6)}
    return {
        "conv1": Layer(64, 2, 3),  # Symmetric padding repeats three pixels.
        **{
            f"{stage}.{block}": Layer(channels, stride)
            for stage, (channels, stride, count) in stages.items()
            for block in range(count)
        },
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
    ),
    "vgg16": NetworkSpec(
        module="vgg",
        layers=_list_vgg_layers((2, 2, 3, 3, 3)),
        weights=("bundled", "imagenet", "random"),
        poolings=("max", "average"),
    ),
    "vgg19": NetworkSpec(
        module="vgg",
        layers=_list_vgg_layers((2, 2, 4, 4, 4)),
        weights=("imagenet", "random"),
        poolings=("max", "average"),
    ),
    "squeezenet": NetworkSpec(
        module="squeezenet",
        layers=_list_squeezenet_layers(),
        weights=("random",),
        poolings=("max",),
    ),
    "resnet50": NetworkSpec(
        module="resnet",
        layers=_list_resnet_layers(),
        weights=("imagenet", "random"),
        poolings=("max",),
    ),
}


def get_spec(name: str) -> NetworkSpec:
    """Returns the entry of a loss network.

    Raises:
        ValueError: If there is no loss network of this name.
    """
    if name not in NETWORKS:
        raise ValueError(
            f"`loss_network` must be one of {', '.join(NETWORKS)}. "
            f"Received: loss_network={name!r}.{_suggest(name, NETWORKS)}"
        )
    return NETWORKS[name]


def check_layers(name: str, layers) -> None:
    """Checks that a loss network has some layers.

    Raises:
        ValueError: If it lacks one, or there is no loss network of this name.
    """
    known = get_spec(name).layers
    if unknown := [layer for layer in layers if layer not in known]:
        raise ValueError(
            f"Layers of {name} are {', '.join(known)}. "
            f"Received: {', '.join(unknown)}.{_suggest(unknown[0], known)}"
        )


def _suggest(name, known):
    # As `config.fields.suggest`, which a registry cannot import.
    close = difflib.get_close_matches(name, list(known), n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def find_stride(name: str, layers) -> int:
    """Returns the largest stride of some layers of a loss network."""
    check_layers(name, layers)
    return max(NETWORKS[name].layers[layer].stride for layer in layers)


def find_smallest_side(name: str, layers, num_levels: int) -> int:
    """Returns the width and height that a picture must have at least.

    Args:
        name: Of the loss network.
        layers: Some of its layers.
        num_levels: Of the pyramid.

    Returns:
        Pixels of the whole picture, so that each layer sees one at the last level.
    """
    check_layers(name, layers)
    known = [NETWORKS[name].layers[layer] for layer in layers]
    # Each level halves. Even for layers of stride 1 there must be 2 pixels at the last
    # level: the pyramid's filter needs 3 at the one before, to mirror them.
    needed = max(layer.smallest_side or layer.stride for layer in known)
    return 2 ** (num_levels - 1) * max(needed, 2)
