"""Which photos there are: in a folder, or by COCO's annotations; and samples."""

import os
import pathlib

from absl import logging

from fast_style.coco import load_entries
from fast_style.config import TrainConfig
from fast_style.images import IMAGE_SUFFIXES
from fast_style.images import load_sized

_MAX_SAMPLES = 8


def list_photos(
    folder: str | os.PathLike,
    coco_annotations: str | os.PathLike = "",
    coco_categories: tuple[str, ...] = (),
) -> tuple[list[str], int]:
    """Lists the photos that a training is meant to use, as `find_photos`, untried.

    Returns:
        Paths, and the number of files that are no pictures.
    """
    if coco_annotations:
        entries = load_entries(coco_annotations, coco_categories)
        return [os.path.join(folder, entry["file_name"]) for entry in entries], 0
    return list_images(folder)


def list_images(folder: str | os.PathLike) -> tuple[list[str], int]:
    """Lists the pictures below a folder by their suffix, and counts the rest.

    Returns:
        Sorted paths, and the number of other files. Hidden files and folders
        count as neither.
    """
    paths, num_others, seen = [], 0, set()
    for parent, folders, files in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if not name.startswith(".")]
        if (real := os.path.realpath(parent)) in seen:
            folders.clear()  # A link back to a folder above would never end.
            continue
        seen.add(real)
        for name in files:
            if name.startswith("."):
                continue
            if name.lower().endswith(IMAGE_SUFFIXES):
                paths.append(os.path.join(parent, name))
            else:
                num_others += 1
    return sorted(paths), num_others


def load_samples(config: TrainConfig, paths: list[str]) -> list:
    """Loads the photos of the sample sheets.

    Args:
        config: Its `sample_images` and `sample_image_size` count.
        paths: The training photos, for want of others.

    Returns:
        RGB `(H, W, 3)` in [0, 255], 1 to 8 of them.

    Raises:
        ValueError: If there is none that can be read.
    """
    num_samples = _MAX_SAMPLES if config.sample_images else 3
    if pathlib.Path(config.sample_images).is_dir() and config.sample_images:
        paths = list_images(config.sample_images)[0]
    elif config.sample_images:
        paths = [config.sample_images]
    samples = []
    for path in paths:
        try:
            samples.append(load_sized(path, config.sample_image_size))
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
