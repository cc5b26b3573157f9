"""Gives the channels of convolutions one range, so that 8 bits serve each of them."""

import numpy as np
import onnx
from onnx import helper
from onnx import numpy_helper
import onnxruntime

_FLOAT = onnx.TensorProto.FLOAT
# A channel in which nothing happens is not multiplied by more.
_LARGEST_FACTOR = 1000.0


def equalize(model: onnx.ModelProto, feeds: list[dict]) -> onnx.ModelProto:
    """Scales and shifts what comes out of convolutions, without changing the picture.

    What comes out of a convolution has one range of 8 bits for all channels, so that
    small channels would be a few steps. But the normalization behind it takes any scale
    and shift of a channel away again. So each channel is made as wide as the widest,
    around 0.

    Args:
        model: What `make_onnx_model` returned.
        feeds: As in `quantize`.

    Returns:
        A new model.

    References:
        Nagel et al., 2019, https://arxiv.org/abs/1906.04721, equalizes weights across
        layers. Differs: outputs, and within each layer, which a normalization allows.
    """
    model = _copy(model)
    nodes = _find_normalized(model.graph)
    kernels = {each.name: each for each in model.graph.initializer}
    for node, (low, high) in zip(nodes, _measure(model, nodes, feeds), strict=True):
        width = high - low
        floor = max(width.max(), np.finfo("float32").tiny)
        factors = floor / np.maximum(width, floor / _LARGEST_FACTOR)
        kernel = numpy_helper.to_array(kernels[node.input[1]])
        arrays = {
            f"{node.name}_kernel": kernel * factors[:, None, None, None],
            f"{node.name}_bias": -(low + high) / 2 * factors,
        }
        model.graph.initializer.extend(
            numpy_helper.from_array(np.float32(array), name)
            for name, array in arrays.items()
        )
        del node.input[1:]
        node.input.extend(arrays)
    _drop_unused(model.graph)
    return model


def _find_normalized(graph):
    """Lists the convolutions that are normalized, and whatever else uses them not."""
    users = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node.op_type)
    return [
        node
        for node in graph.node
        if node.op_type == "Conv"
        and set(users.get(node.output[0], ())) == {"InstanceNormalization"}
    ]


def _measure(model, nodes, feeds):
    """Returns the smallest and largest number of each channel of each node."""
    probe, names = _copy(model), [node.output[0] for node in nodes]
    probe.graph.output.extend(
        helper.make_tensor_value_info(name, _FLOAT, None) for name in names
    )
    session = onnxruntime.InferenceSession(
        probe.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    lows, highs = [], []
    for feed in feeds:
        results = session.run(names, feed)
        lows.append([each.min(axis=(0, 2, 3)) for each in results])
        highs.append([each.max(axis=(0, 2, 3)) for each in results])
    low, high = (zip(*each, strict=True) for each in (lows, highs))
    pairs = zip(low, high, strict=True)
    return [(np.min(a, axis=0), np.max(b, axis=0)) for a, b in pairs]


def _drop_unused(graph):
    used = {name for node in graph.node for name in node.input}
    left = [each for each in graph.initializer if each.name in used]
    del graph.initializer[:]
    graph.initializer.extend(left)


def _copy(model):
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    return copy
