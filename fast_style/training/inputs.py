"""What a training reads: its photos, and batches of their crops."""

import functools
import pathlib

from absl import logging

from fast_style.config.train_config import TrainConfig
from fast_style.data.photo_scan import find_photos
from fast_style.training import workdir as workdirs


def find_train_images(
    config: TrainConfig, workdir: pathlib.Path, is_chief: bool
) -> tuple[str, ...]:
    """Returns the photos that a config names, and logs which cannot be used.

    Args:
        config: Of the training.
        workdir: Remembers what was seen of each file, if this process may write.
        is_chief: Whether it may.
    """
    photos = find_photos(
        config.train_images,
        coco_annotations=config.coco_annotations,
        coco_categories=config.coco_categories,
        min_image_size=config.min_image_size,
        cache=workdir / workdirs.PHOTOS_FILE if is_chief else None,
    )
    # Skipped photos are worth a warning, which also shows without any set-up.
    log = logging.warning if photos.skipped else logging.info
    log("%s", photos.report())
    return photos.paths


def make_batches(config: TrainConfig, paths, num_batches_done: int, seed: int, devices):
    """Makes the dataset of a training on its devices.

    Args:
        config: Of the training.
        paths: Photos.
        num_batches_done: Where to begin.
        seed: Of the order and the crops.
        devices: As `distribution.make_devices` gives them.

    Raises:
        ImportError: If TensorFlow, which reads the photos, is missing.
    """
    try:
        from fast_style.data.dataset import make_dataset
    except ImportError as error:
        raise ImportError(
            f"{error}. It reads the photos, for JAX too: pip install tensorflow. Or do "
            "without, with crops of your own and `trainer.make_trainer`: "
            "docs/training.md"
        ) from error

    return devices.distribute(
        functools.partial(
            make_dataset,
            paths,
            image_size=config.image_size,
            batch_size=config.batch_size,
            seed=seed,
            min_crop_scale=config.min_crop_scale,
            num_batches_done=num_batches_done,
        )
    )
