"""Looks at paintings in an ONNX graph; see `looking.py`."""

import numpy as np

from fast_style.inference.looking import begins_block
from fast_style.inference.looking import list_looking_convolutions
from fast_style.inference.looking import read_weights
from fast_style.inference.looking import TINY
from fast_style.losses.networks.vgg_layout import BGR_MEAN
from fast_style.models.predictor import INPUT_SCALE
from fast_style.models.predictor import MOST_DEVIATIONS
from fast_style.models.predictor import Predictor
from fast_style.models.predictor import STATISTIC_LAYERS

LOOK_PREFIX = "look/"
_PLACES = np.int64([2, 3])
_PAIRS = np.transpose(np.triu_indices(3))


def predict(writer, predictor: Predictor, paintings: str) -> str:
    """Does what `Predictor.predict` does with what `looking.measure` measures.

    Args:
        writer: Gets the nodes.
        predictor: What looks.
        paintings: Name of a tensor `(B, 3, H, W)`, RGB in [0, 255], float32.

    Returns:
        Name of a tensor `(B, 1 + outputs)`.
    """
    x = writer.add("Sub", _measure(writer, paintings), predictor.offset)
    x = writer.add("Mul", x, predictor.scale)
    most = np.float32(MOST_DEVIATIONS)
    x = writer.add("Clip", x, -most, most)
    x = writer.add("Mul", x, np.float32(INPUT_SCALE))
    x = writer.add("MatMul", x, predictor.hidden_kernel)
    x = writer.add("Relu", writer.add("Add", x, predictor.hidden_bias))
    # The first number is 1, whatever is seen.
    kernel = np.pad(predictor.kernel, ((0, 0), (1, 0)))
    bias = np.append(np.float32(1), predictor.bias)
    return writer.add("Add", writer.add("MatMul", x, kernel), bias)


def _measure(writer, paintings):
    colours = writer.add("Mul", paintings, np.float32(1 / 255))
    means = writer.add("ReduceMean", colours, _PLACES, keepdims=1)
    centred = writer.add("Sub", colours, means)
    rows, columns = (
        writer.add("Gather", centred, np.int64(each), axis=1) for each in _PAIRS.T
    )
    products = writer.add("Mul", rows, columns)
    statistics = [
        writer.add("Squeeze", means, _PLACES),
        writer.add("ReduceMean", products, _PLACES, keepdims=0),
    ]
    x = writer.add("Gather", paintings, np.int64([2, 1, 0]), axis=1)
    x = writer.add("Sub", x, np.float32(BGR_MEAN)[:, None, None])
    for convolution in list_looking_convolutions():
        if begins_block(convolution):
            x = writer.add("MaxPool", x, kernel_shape=(2, 2), strides=(2, 2))
        x = _convolve(writer, convolution.name, x)
        if convolution.layers[1] in STATISTIC_LAYERS:
            statistics += _describe(writer, x)
    return writer.add("Concat", *statistics, axis=1)


def _describe(writer, x):
    mean = writer.add("ReduceMean", x, _PLACES, keepdims=1)
    centred = writer.add("Sub", x, mean)
    square = writer.add("Mul", centred, centred)
    variance = writer.add("ReduceMean", square, _PLACES, keepdims=0)
    deviation = writer.add("Sqrt", writer.add("Add", variance, np.float32(TINY)))
    return [writer.add("Squeeze", mean, _PLACES), deviation]


def _convolve(writer, name, x):
    kernel, bias = read_weights()[name]
    kernel = np.ascontiguousarray(kernel.transpose(3, 2, 0, 1))
    options = {"kernel_shape": kernel.shape[2:], "pads": (1, 1, 1, 1)}
    # By the name `quantizing.py` leaves it alone.
    x = writer.add("Conv", x, kernel, bias, name=f"{LOOK_PREFIX}{name}", **options)
    return writer.add("Relu", x)
