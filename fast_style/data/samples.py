"""Loads the photos of the sample sheets."""

import pathlib

from absl import logging

from fast_style.config.train_config import TrainConfig
from fast_style.data.photos import list_images
from fast_style.io.images import load_resized

_MAX_SAMPLES = 8


def load_samples(config: TrainConfig, paths: list[str]) -> list:
    """Loads the photos of the sample sheets.

    Args:
        config: The training's config: `sample_images` and `sample_image_size`.
        paths: Paths of the training photos, which are used if the config names no
            others.

    Returns:
        1 to 8 arrays, RGB `(H, W, 3)` in [0, 255], float32.

    Raises:
        ValueError: If no photo can be read.
    """
    num_samples = _MAX_SAMPLES if config.sample_images else 3
    if pathlib.Path(config.sample_images).is_dir() and config.sample_images:
        paths = list_images(config.sample_images)[0]
    elif config.sample_images:
        paths = [config.sample_images]
    samples = []
    for path in paths:
        try:
            samples.append(load_resized(path, config.sample_image_size))
        except ValueError as error:
            logging.warning("No sample for the sheets: %s", error)
        if len(samples) == num_samples:
            break
    if not samples:
        raise ValueError(
            "`sample_images` must be a picture or a folder with some. "
            f"Received: sample_images={config.sample_images!r}"
        )
    return samples
