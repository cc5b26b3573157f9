"""The convolutions of VGG16 and VGG19, listed without Keras."""

import pathlib
import typing

from fast_style.losses.networks.registry import check_layers
from fast_style.losses.networks.registry import get_spec

BGR_MEAN = (103.939, 116.779, 123.68)
# VGG16 up to relu5_1: blocks 1 and 2 in float16, the others in 8 bits.
VGG16_FILE = pathlib.Path(__file__).with_name("vgg16.npz")
LAST_BUNDLED = "block5_conv1"


class Convolution(typing.NamedTuple):
    """A convolution of VGG.

    Attributes:
        block: From 1 to 5; between blocks the features are pooled.
        number: Place in its block, from 1.
        filters: Number of channels of its activations.
    """

    block: int
    number: int
    filters: int

    @property
    def name(self) -> str:
        """Name that Keras gives it, `"block1_conv1"`."""
        return f"block{self.block}_conv{self.number}"

    @property
    def layers(self) -> tuple[str, str]:
        """Its layers before and after the ReLU: `("conv1_1", "relu1_1")`."""
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


def convolutions_up_to(name: str, layers) -> list[Convolution]:
    """Returns the convolutions that some layers need, in order.

    Args:
        name: `"vgg16"` or `"vgg19"`.
        layers: Names such as `"relu1_2"`.

    Raises:
        ValueError: If the network has no such layer, or there is no such network.
    """
    check_layers(name, layers)
    convolutions = list_convolutions(name)
    needed = [
        place
        for place, convolution in enumerate(convolutions, start=1)
        if set(convolution.layers) & set(layers)
    ]
    return convolutions[: max(needed, default=0)]


def list_kernels(convolutions: list[Convolution]) -> dict[str, tuple[int, ...]]:
    """Returns the shapes of the kernels of some convolutions, from the first on.

    Args:
        convolutions: The first few, as `convolutions_up_to` returns them.

    Returns:
        Dict from `"block1_conv1"` to `(height, width, in, out)`.
    """
    kernels, channels = {}, 3
    for convolution in convolutions:
        kernels[convolution.name] = (3, 3, channels, convolution.filters)
        channels = convolution.filters
    return kernels
