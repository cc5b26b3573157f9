"""Photos on disk to batches of crops."""

import functools

from absl import logging
import numpy as np
from PIL import Image
import tensorflow as tf

from fast_style.io.images import load_image
from fast_style.io.images import open_image

_MAX_ATTEMPTS = 20


def make_dataset(
    paths,
    *,
    image_size: int,
    batch_size: int,
    seed: int = 0,
    min_crop_scale: float = 0.5,
    num_batches_done: int = 0,
    num_replicas: int = 1,
    replicas: tuple[int, int] = (0, 1),
) -> tf.data.Dataset:
    """Makes endless batches of random crops, shuffled anew in each pass.

    Crop number i depends on the seed and on i alone, so a training that goes
    on after `num_batches_done` batches sees what it would have seen.

    Args:
        paths: Photos.
        image_size: Side of the square crops.
        batch_size: Crops per batch.
        seed: Of the order and the crops.
        min_crop_scale: Smallest crop, as a part of the shorter side.
        num_batches_done: Where to begin.
        num_replicas: How many equal parts each batch has.
        replicas: The first part that is wanted, and the one after the last; they
            come one after the other.

    Returns:
        Dataset of RGB batches `(batch_size / num_replicas, image_size,
        image_size, 3)`, float32 in [0, 255].
    """
    load = functools.partial(
        load_crop,
        tuple(paths),
        image_size=image_size,
        seed=seed,
        min_crop_scale=min_crop_scale,
    )

    def load_in_graph(number):
        crop = tf.numpy_function(load, [number], tf.uint8, stateful=False)
        crop = tf.ensure_shape(crop, (image_size, image_size, 3))
        return tf.cast(crop, tf.float32)

    part_size = batch_size // num_replicas
    num_wanted = (replicas[1] - replicas[0]) * part_size

    def number_crop(count):
        batch, place = count // num_wanted, count % num_wanted
        return batch * batch_size + replicas[0] * part_size + place

    first = num_batches_done * num_wanted
    return (
        tf.data.Dataset.range(first, np.iinfo(np.int64).max)
        .map(number_crop)
        .map(load_in_graph, num_parallel_calls=tf.data.AUTOTUNE)
        .batch(part_size, drop_remainder=True)
        .prefetch(tf.data.AUTOTUNE)
    )


def load_crop(
    paths, number, *, image_size: int, seed: int = 0, min_crop_scale: float = 0.5
) -> np.ndarray:
    """Loads the crop that comes at one place of a training.

    A square of random size and place, scaled to `image_size` with a filter
    as wide as the scale asks for, mirrored in half of the cases.

    Args:
        paths: Photos. One that has become unreadable is replaced by another,
            with a warning.
        number: Place, counted from 0 over all passes.
        image_size: Side of the crop.
        seed: Of the order and the crops.
        min_crop_scale: Smallest crop, as a part of the shorter side.

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
    # The shorter side is at least this after decoding at a reduced size.
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
