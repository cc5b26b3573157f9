"""The photos of an evaluation: middle squares of some of a folder."""

import os
import pathlib

from absl import logging
import numpy as np
from PIL import Image

from fast_style.data.photos import list_images
from fast_style.data.photos import list_photos
from fast_style.io.arrays import to_uint8
from fast_style.io.images import load_image


def load_photos(folder, image_size: int, max_photos: int) -> dict[str, np.ndarray]:
    """Loads the middle squares of held-out photos.

    Args:
        folder: Searched recursively.
        image_size: Side of the squares, to which they are scaled.
        max_photos: Most photos, taken evenly; what cannot be read is left out
            with a warning, and another takes its place.

    Returns:
        Dict from path, relative to `folder`, to RGB `(image_size, image_size, 3)`
        in [0, 255].

    Raises:
        FileNotFoundError: If there is no such folder.
        ValueError: If no photo can be read.
    """
    _check_folder("images", folder)
    paths = list_images(folder)[0]
    photos = _load_squares(paths, folder, image_size, max_photos)
    _check_some("images", folder, paths, photos)
    return photos


def load_training_photos(
    config, images, train_images, image_size: int, max_photos: int
) -> dict[str, np.ndarray]:
    """Loads some of the photos that a style was trained on, as `load_photos`.

    Args:
        config: The training's; None if it is not known.
        images: Folder of the held-out photos. Those trained on are warned of.
        train_images: Folder; None: the config's, less what that training left out.
        image_size: Side of the squares.
        max_photos: Most photos.

    Returns:
        As `load_photos`; empty if the photos are not at hand.

    Raises:
        FileNotFoundError: If `train_images` is no folder.
        ValueError: If no photo in `train_images` can be read.
    """
    if train_images is None:
        paths, folder = _list_own(config), config and config.train_images
        if not paths:
            logging.info("The photos it was trained on are not at hand.")
            return {}
        smallest = config.min_image_size
    else:
        _check_folder("train_images", train_images)
        paths, folder, smallest = list_images(train_images)[0], train_images, 1
    _warn_of_both(images, paths)
    photos = _load_squares(paths, folder, image_size, max_photos, smallest)
    if train_images is not None:
        _check_some("train_images", train_images, paths, photos)
    return photos


def _list_own(config):
    if config is None or not config.train_images:
        return []
    if not pathlib.Path(config.train_images).is_dir():
        return []
    annotations = config.coco_annotations
    if annotations and not pathlib.Path(annotations).is_file():
        return []
    paths, _ = list_photos(config.train_images, annotations, config.coco_categories)
    return paths


def _warn_of_both(images, paths):
    held_out, trained = (
        {os.path.realpath(path) for path in each}
        for each in (list_images(images)[0], paths)
    )
    if both := held_out & trained:
        logging.warning(
            "%d of the photos in %s were trained on; they say nothing of others.",
            len(both),
            os.fspath(images),
        )


def _load_squares(paths, folder, image_size, max_photos, smallest=1):
    count = min(max_photos, len(paths))
    evenly = np.linspace(0, len(paths) - 1, count).round().astype(int)
    others = np.setdiff1d(np.arange(len(paths)), evenly)
    photos = {}
    for place in (*evenly, *others):
        if len(photos) == count:
            break
        path = paths[place]
        try:
            image = load_image(path)
        except (OSError, ValueError) as error:
            logging.warning("Left out: %s", error)
            continue
        if min(image.shape[:2]) >= smallest:
            photos[os.path.relpath(path, folder)] = cut_square(image, image_size)
    return photos


def cut_square(image, image_size: int) -> np.ndarray:
    """Cuts out the middle square of a picture, and scales it.

    Args:
        image: RGB `(H, W, 3)` in [0, 255].
        image_size: Side of the square.

    Returns:
        RGB `(image_size, image_size, 3)`, float32 in [0, 255].
    """
    height, width = image.shape[:2]
    side = min(height, width)
    left, top = (width - side) / 2, (height - side) / 2
    square = Image.fromarray(to_uint8(image)).resize(
        (image_size, image_size),
        Image.Resampling.LANCZOS,
        box=(left, top, left + side, top + side),
    )
    return np.asarray(square, "float32")


def _check_folder(name, folder):
    if not pathlib.Path(folder).is_dir():
        raise FileNotFoundError(
            f"`{name}` must be a folder of photos. Received: {os.fspath(folder)!r}"
        )


def _check_some(name, folder, paths, photos):
    if not photos:
        raise ValueError(
            f"`{name}` must hold at least one picture that can be read. "
            f"Received: {name}={os.fspath(folder)!r} with {len(paths)} pictures"
        )
