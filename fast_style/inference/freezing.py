"""A generator as one compiled function with its weights as constants."""

import keras
import tensorflow as tf
from tensorflow.python.framework import convert_to_constants


def freeze(generator: keras.Model):
    """Turns a generator into one function with its weights as constants.

    Constants let TensorFlow fold and fuse: more than twice as fast on a CPU.

    Args:
        generator: Model from images to stylized images.

    Returns:
        A function from a float32 tensor `(B, H, W, 3)` in [0, 255] to one of
        the same shape; compiled once for all sizes, safe to call from many
        threads.
    """
    signature = [tf.TensorSpec((None, None, None, 3), tf.float32, name="images")]
    function = tf.function(
        lambda images: generator(images, training=False), input_signature=signature
    )
    frozen = convert_to_constants.convert_variables_to_constants_v2(
        function.get_concrete_function()
    )
    return lambda images: frozen(images)[0]


def make_array_function(generator: keras.Model):
    """Turns a generator into one function of NumPy arrays; see `freeze`."""
    frozen = freeze(generator)
    return lambda images: frozen(tf.convert_to_tensor(images)).numpy()
