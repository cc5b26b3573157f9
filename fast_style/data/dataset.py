"""Batches of crops, by tf.data."""

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
