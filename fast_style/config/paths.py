"""Checks that what a config names is there."""

import os
import pathlib

from fast_style.config.checks import check_not_empty
from fast_style.config.train_config import TrainConfig
from fast_style.losses.networks.registry import NETWORKS


def check_paths(config: TrainConfig) -> None:
    """Checks that the files which a training reads are there.

    Args:
        config: What to check.

    Raises:
        FileNotFoundError: If one is not; the message names the field.
    """
    # Empty is allowed before: who gives crops of their own has no folder.
    check_not_empty(config, ("train_images",))
    names = ("style_image", "coco_annotations")
    files = {name: getattr(config, name) for name in names}
    for path in config.style_images:
        if not pathlib.Path(path).exists():
            raise FileNotFoundError(
                "`style_images` must be pictures and folders that exist. "
                f"Received: {path!r} (in {os.getcwd()!r})"
            )
    for name, term in config.terms.items():
        if term.network_weights not in NETWORKS[term.network].weights:
            files[f"terms.{name}.network_weights"] = term.network_weights
    for name, path in files.items():
        if path and not pathlib.Path(path).is_file():
            raise FileNotFoundError(
                f"`{name}` must be a file that exists. Received: {name}={path!r} "
                f"(in {os.getcwd()!r}). docs/training.md says how to fill `data/`."
            )
    for name in ("train_images", "sample_images"):
        path = getattr(config, name)
        if path and not pathlib.Path(path).exists():
            raise FileNotFoundError(
                f"`{name}` must be a folder that exists. Received: {name}={path!r} "
                f"(in {os.getcwd()!r}). docs/training.md says how to fill `data/`."
            )
