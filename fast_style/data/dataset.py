"""Makes batches of crops with tf.data."""

import functools

import numpy as np
import tensorflow as tf

from fast_style.data.crops import load_crop


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
    load_painting=None,
) -> tf.data.Dataset:
    """Makes endless batches of random crops; each epoch has its own order of photos.

    Crop number i depends on the seed and on i alone, so a training that is resumed
    after `num_batches_done` batches sees the same crops as one that was not stopped.

    Args:
        paths: Paths of the photos.
        image_size: Side of the square crops.
        batch_size: Crops per batch, of all replicas together.
        seed: Seed of the order and the crops.
        min_crop_scale: Smallest crop, as a fraction of the photo's shorter side.
        num_batches_done: Number of batches to skip.
        num_replicas: Number of equal parts of each batch.
        replicas: Which parts are wanted: the first one, and the one after the last.
            They are elements of the dataset one after the other.
        load_painting: Function from the number of a crop to a picture beside it, RGB
            uint8 `(image_size, image_size, 3)`; None: there is none.

    Returns:
        Dataset of RGB batches `(batch_size / num_replicas, image_size,
        image_size, 3)`, float32 in [0, 255]; with `load_painting` of pairs of such,
        crops and pictures, as Keras takes an input of two parts.
    """
    load = functools.partial(
        load_crop,
        tuple(paths),
        image_size=image_size,
        seed=seed,
        min_crop_scale=min_crop_scale,
    )

    def load_in_graph(function, number):
        crop = tf.numpy_function(function, [number], tf.uint8, stateful=False)
        crop = tf.ensure_shape(crop, (image_size, image_size, 3))
        return tf.cast(crop, tf.float32)

    def load_all(number):
        crop = load_in_graph(load, number)
        if load_painting is None:
            return crop
        # A pair alone would be input and target.
        return ((crop, load_in_graph(load_painting, number)),)

    part_size = batch_size // num_replicas
    num_wanted = (replicas[1] - replicas[0]) * part_size

    def number_crop(count):
        batch, place = count // num_wanted, count % num_wanted
        return batch * batch_size + replicas[0] * part_size + place

    first = num_batches_done * num_wanted
    return (
        tf.data.Dataset.range(first, np.iinfo(np.int64).max)
        .map(number_crop)
        .map(load_all, num_parallel_calls=tf.data.AUTOTUNE)
        .batch(part_size, drop_remainder=True)
        .prefetch(tf.data.AUTOTUNE)
    )
