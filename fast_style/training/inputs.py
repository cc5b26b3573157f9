"""Makes the input of a training: its photos, and batches of their crops."""

import functools
import pathlib

from absl import logging

from fast_style.config.train_config import TrainConfig
from fast_style.data.photo_scan import find_photos
from fast_style.data.style_crops import load_style_crop
from fast_style.models.architectures import ARBITRARY
from fast_style.training import workdir as workdirs
from fast_style.training.style_images import list_paintings


def find_train_images(
    config: TrainConfig, workdir: pathlib.Path, is_chief: bool
) -> tuple[str, ...]:
    """Finds the photos that a config names, and logs which of them are skipped.

    Args:
        config: The training's config.
        workdir: Folder of the training, which gets the results of the scan.
        is_chief: Whether this process writes the files.

    Returns:
        Paths of the photos.

    Raises:
        FileNotFoundError: If their folder does not exist.
        ValueError: If no photo is usable.
    """
    photos = find_photos(
        config.train_images,
        coco_annotations=config.coco_annotations,
        coco_categories=config.coco_categories,
        min_image_size=config.min_image_size,
        cache=workdir / workdirs.PHOTOS_FILE if is_chief else None,
    )
    # Skipped photos are worth a warning, which shows without any set-up of logging.
    log = logging.warning if photos.skipped else logging.info
    log("%s", photos.report())
    return photos.paths


def make_batches(config: TrainConfig, paths, num_batches_done: int, seed: int, devices):
    """Makes the dataset of a training on its devices.

    Args:
        config: The training's config.
        paths: Paths of the photos.
        num_batches_done: Number of batches to skip.
        seed: Seed of the order and the crops.
        devices: What `distribution.make_devices` returned.

    Returns:
        Batches of crops, as `data.make_dataset` describes them.

    Raises:
        ImportError: If TensorFlow, which reads the photos, is missing.
    """
    try:
        from fast_style.data.dataset import make_dataset
    except ImportError as error:
        raise ImportError(
            f"{error}. TensorFlow reads the photos, also on the JAX backend: pip "
            "install tensorflow. Or use `fast_style.make_trainer` with your own crops: "
            "docs/training.md"
        ) from error

    load_painting = None
    if config.generator == ARBITRARY:
        load_painting = functools.partial(
            load_style_crop,
            tuple(list_paintings(config)),
            tuple(paths),
            size=config.image_size,
            painting_size=config.style_image_size,
            seed=seed,
        )
    return devices.distribute(
        functools.partial(
            make_dataset,
            paths,
            image_size=config.image_size,
            batch_size=config.batch_size,
            seed=seed,
            min_crop_scale=config.min_crop_scale,
            num_batches_done=num_batches_done,
            load_painting=load_painting,
        )
    )
