"""Looks at paintings in a TensorFlow graph; see `looking.py`."""

import numpy as np
import tensorflow as tf

from fast_style.inference.looking import begins_block
from fast_style.inference.looking import list_looking_convolutions
from fast_style.inference.looking import read_weights
from fast_style.inference.looking import TINY
from fast_style.losses.networks.vgg_layout import BGR_MEAN
from fast_style.models.predictor import INPUT_SCALE
from fast_style.models.predictor import MOST_DEVIATIONS
from fast_style.models.predictor import Predictor
from fast_style.models.predictor import STATISTIC_LAYERS

_PAIRS = np.transpose(np.triu_indices(3))


def predict(predictor: Predictor, paintings):
    """Does what `Predictor.predict` does with what `looking.measure` measures.

    Args:
        predictor: What looks.
        paintings: Tensor `(B, H, W, 3)`, RGB in [0, 255].

    Returns:
        Tensor `(B, 1 + outputs)`.
    """
    x = (measure(paintings) - predictor.offset) * predictor.scale
    x = tf.clip_by_value(x, -MOST_DEVIATIONS, MOST_DEVIATIONS) * INPUT_SCALE
    x = tf.nn.relu(tf.matmul(x, predictor.hidden_kernel) + predictor.hidden_bias)
    x = tf.matmul(x, predictor.kernel) + predictor.bias
    return tf.concat((tf.ones_like(x[:, :1]), x), axis=1)


def measure(paintings):
    """Does what `looking.measure` does, for a batch.

    Args:
        paintings: Tensor `(B, H, W, 3)`, RGB in [0, 255].

    Returns:
        Tensor `(B, NUM_STATISTICS)`.
    """
    colours = paintings / 255.0
    means = tf.reduce_mean(colours, (1, 2))
    centred = colours - means[:, None, None]
    products = [
        tf.reduce_mean(centred[..., i] * centred[..., j], (1, 2)) for i, j in _PAIRS
    ]
    statistics = [means, tf.stack(products, axis=1)]
    x = tf.reverse(paintings, (-1,)) - np.float32(BGR_MEAN)
    for convolution in list_looking_convolutions():
        if begins_block(convolution):
            x = tf.nn.max_pool2d(x, 2, 2, "VALID")
        kernel, bias = read_weights()[convolution.name]
        x = tf.nn.relu(tf.nn.conv2d(x, kernel, 1, "SAME") + bias)
        if convolution.layers[1] in STATISTIC_LAYERS:
            mean = tf.reduce_mean(x, (1, 2), keepdims=True)
            variance = tf.reduce_mean(tf.square(x - mean), (1, 2))
            statistics += [mean[:, 0, 0], tf.sqrt(variance + TINY)]
    return tf.concat(statistics, axis=1)
