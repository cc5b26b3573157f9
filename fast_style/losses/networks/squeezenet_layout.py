"""The layers of SqueezeNet v1.0, and where its weights are; needs no Keras."""

import pathlib

SQUEEZENET_FILE = pathlib.Path(__file__).with_name("squeezenet.npz")
BGR_MEAN = (104.0, 117.0, 123.0)
_LAST = "conv10"
# Channels after the squeeze, and of each half of what is expanded from it.
FIRES = {
    "fire2": (16, 64),
    "fire3": (16, 64),
    "fire4": (32, 128),
    "fire5": (32, 128),
    "fire6": (48, 192),
    "fire7": (48, 192),
    "fire8": (64, 256),
    "fire9": (64, 256),
}
POOLED_BEFORE = ("fire2", "fire5", "fire9")
_ORDER = ("conv1", *FIRES, _LAST)


def list_layers(layers) -> tuple[str, ...]:
    """Returns the layers up to the deepest of some, in their order."""
    needed = max((_ORDER.index(layer) + 1 for layer in layers), default=0)
    return _ORDER[:needed]


def list_kernels(layers) -> dict[str, tuple[int, int, int, int]]:
    """Returns the shapes of the kernels of some layers, from `conv1` on.

    Args:
        layers: What `list_layers` returned.

    Returns:
        Dict from names such as `"fire2/squeeze1x1"` to `(height, width, in, out)`.
    """
    kernels, channels = {}, 96
    for layer in layers:
        if layer == "conv1":
            kernels[layer] = (7, 7, 3, channels)
        elif layer == _LAST:
            kernels[layer] = (1, 1, channels, 1000)
        else:
            squeezed, expanded = FIRES[layer]
            kernels[f"{layer}/squeeze1x1"] = (1, 1, channels, squeezed)
            kernels[f"{layer}/expand1x1"] = (1, 1, squeezed, expanded)
            kernels[f"{layer}/expand3x3"] = (3, 3, squeezed, expanded)
            channels = 2 * expanded
    return kernels
