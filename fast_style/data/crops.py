"""Cuts the crops that a generator trains on out of photos on disk."""

import functools

from absl import logging
import numpy as np
from PIL import Image

from fast_style.io.images import load_image
from fast_style.io.images import open_image

_MAX_ATTEMPTS = 20


def load_crop(
    paths, number, *, image_size: int, seed: int = 0, min_crop_scale: float = 0.5
) -> np.ndarray:
    """Loads the crop at one position in the sequence of a training.

    The crop is a square of random size and position, scaled to `image_size` with
    antialiasing, and mirrored in half of the cases.

    Args:
        paths: Paths of the photos. A photo that has become unreadable is replaced by
            another, with a warning.
        number: Position of the crop, counted from 0 over all epochs.
        image_size: Side of the crop.
        seed: Seed of the order and the crops.
        min_crop_scale: Smallest crop, as a fraction of the photo's shorter side.

    Returns:
        RGB uint8 `(image_size, image_size, 3)`.

    Raises:
        OSError: If 20 photos in a row cannot be read.
    """
    number = int(number)
    epoch, place = divmod(number, len(paths))
    rng = np.random.default_rng((seed, number))
    index = _shuffle(len(paths), seed, epoch)[place]
    for _ in range(_MAX_ATTEMPTS):
        try:
            return _crop(paths[index], image_size, rng, min_crop_scale)
        except (OSError, ValueError) as error:
            logging.warning("Photo %s is left out: %s", paths[index], error)
            index = rng.integers(len(paths))
    raise OSError(
        f"{_MAX_ATTEMPTS} photos in a row could not be read, the last of them "
        f"{paths[index]!r}. Is the disk that holds them still there?"
    )


@functools.lru_cache(maxsize=4)
def _shuffle(count, seed, epoch):
    return np.random.default_rng((seed, epoch, count)).permutation(count)


def _crop(path, image_size, rng, min_crop_scale):
    scale = rng.uniform(min_crop_scale, 1.0)
    shift_x, shift_y = rng.random(2)
    is_mirrored = rng.random() < 0.5
    # JPEG may be decoded at a reduced size, with a shorter side of at least this.
    enough = int(np.ceil(image_size / scale))
    image = open_image(path, smallest_size=(enough, enough))
    if image.mode == "RGBA":
        image = Image.fromarray(load_image(image).astype("uint8"))
    side = scale * min(image.size)
    left = shift_x * (image.width - side)
    top = shift_y * (image.height - side)
    crop = image.resize(
        (image_size, image_size),
        Image.Resampling.BICUBIC,
        box=(left, top, left + side, top + side),
        reducing_gap=3.0,
    )
    pixels = np.asarray(crop)
    return np.ascontiguousarray(pixels[:, ::-1] if is_mirrored else pixels)
