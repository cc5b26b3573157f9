"""Looks at paintings in a TensorFlow graph; see `looking.py`."""

import numpy as np
import tensorflow as tf

from fast_style.inference.looking import read_weights
from fast_style.inference.looking import TINY
from fast_style.losses.networks.squeezenet_layout import BGR_MEAN
from fast_style.losses.networks.squeezenet_layout import FIRES
from fast_style.losses.networks.squeezenet_layout import list_layers
from fast_style.losses.networks.squeezenet_layout import POOLED_BEFORE
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
    for layer in list_layers(STATISTIC_LAYERS):
        x = _compute(layer, x)
        if layer in STATISTIC_LAYERS:
            mean = tf.reduce_mean(x, (1, 2), keepdims=True)
            variance = tf.reduce_mean(tf.square(x - mean), (1, 2))
            statistics += [mean[:, 0, 0], tf.sqrt(variance + TINY)]
    return tf.concat(statistics, axis=1)


def _compute(layer, x):
    if layer in POOLED_BEFORE:
        # One more pixel at the end, as Caffe has it. A pixel of which nothing is seen.
        x = tf.nn.max_pool2d(tf.pad(x, ((0, 0), (0, 1), (0, 1), (0, 0))), 3, 2, "VALID")
    if layer not in FIRES:
        return _convolve(layer, x, 2, "VALID")
    x = _convolve(f"{layer}/squeeze1x1", x)
    parts = [_convolve(f"{layer}/expand{size}", x) for size in ("1x1", "3x3")]
    return tf.concat(parts, axis=-1)


def _convolve(name, x, stride=1, padding="SAME"):
    kernel, bias = read_weights()[name]
    return tf.nn.relu(tf.nn.conv2d(x, kernel, stride, padding) + bias)
