"""Where the weights of loss networks are that can be had without a download."""

import os
import pathlib

from fast_style.losses.networks.registry import get_spec

# Where Keras keeps what it once downloaded, and what it calls VGG and ResNet there.
_DOWNLOADED = "models/{}_weights_tf_dim_ordering_tf_kernels_notop.h5"


def find_weights(network: str, weights: str = "") -> str | None:
    """Finds the weights of a loss network without downloading any.

    Args:
        network: A name in `registry.NETWORKS`.
        weights: As for `make_loss_network`; empty: the bundled ones, or those of
            ImageNet.

    Returns:
        What `make_loss_network` takes; None if they are not here.
    """
    named = get_spec(network).weights
    if not weights:
        found = (find_weights(network, each) for each in named if each != "random")
        return next((each for each in found if each), None)
    if weights not in named:
        return weights if pathlib.Path(weights).is_file() else None
    if weights != "imagenet":
        return weights
    return weights if _is_downloaded(network) else None


def say_what_to_pass(network: str, option: str) -> str:
    """Says by which values of an option a network has weights that are not here.

    Args:
        network: A name in `registry.NETWORKS`.
        option: Of the command line, such as `--judges=vgg19`.
    """
    if "imagenet" not in get_spec(network).weights:
        return f"{option}=FILE"
    return f"{option}=FILE, or {option}=imagenet, which downloads them"


def _is_downloaded(network):
    home = os.environ.get("KERAS_HOME") or pathlib.Path.home() / ".keras"
    return (pathlib.Path(home) / _DOWNLOADED.format(network)).is_file()
