"""What computes the strips of a stage: TensorFlow, on arrays that it does not copy.

Measured, with a stage for each convolution: OpenVINO and ONNX Runtime are slower, as
they bring whatever comes in and goes out into another layout.
"""

import numpy as np
import tensorflow as tf

from fast_style.inference.strips.stages import Stage
from fast_style.inference.tensorflow_graph import join_noise
from fast_style.inference.tensorflow_graph import TensorFlowOperators

_ALIGNMENT = 64  # Bytes; of what TensorFlow takes as it is.


def load_stage(stage: Stage, precision: str = "float32"):
    """Makes a function of a stage.

    Args:
        stage: What it computes.
        precision: In which convolutions compute, `"float32"` or `"bfloat16"`.

    Returns:
        A function from a dict of arrays: `source_0`, ... of `stage.sources`,
        `(1, rows, W, C)`; `scale_0`, `shift_0`, ... of `stage.held` and `corner_0`, ...
        of `stage.corners`, `(C,)`; `row_0`, ... of `stage.noises`, the number of the
        first row. It returns a dict: `output_0`, ... of `stage.outputs`,
        `(1, rows, W, C)`, and `picture`; or `means` and `variances` of each row of the
        target, `(rows, C)`. All but numbers of rows are float32.
    """

    def compute(inputs):
        return _build(stage, _StripOperators(precision), inputs)

    function = tf.function(
        compute, input_signature=[_make_signature(stage)], autograph=False
    ).get_concrete_function()

    def run(arrays):
        results = function({name: _to_tensor(array) for name, array in arrays.items()})
        return {name: np.asarray(tensor) for name, tensor in results.items()}

    return run


def make_array(shape: tuple[int, ...]) -> np.ndarray:
    """Makes a float32 array that TensorFlow takes as it is; its numbers are any."""
    num_bytes = 4 * int(np.prod(shape))
    memory = np.empty(num_bytes + _ALIGNMENT, "uint8")
    begin = -memory.ctypes.data % _ALIGNMENT
    return memory[begin : begin + num_bytes].view("float32").reshape(shape)


def _to_tensor(array):
    # TensorFlow ends the process if what it is lent does not begin at such a place.
    is_aligned = array.ctypes.data % _ALIGNMENT == 0
    if array.dtype == np.float32 and is_aligned and array.flags.c_contiguous:
        return tf.experimental.dlpack.from_dlpack(array.__dlpack__())
    return tf.convert_to_tensor(array)


def _make_signature(stage):
    specs = {
        f"source_{i}": tf.TensorSpec((1, None, None, x.channels))
        for i, x in enumerate(stage.sources)
    }
    for i, step in enumerate(stage.held):
        specs |= {f"{x}_{i}": tf.TensorSpec(step.channels) for x in ("scale", "shift")}
    for i, step in enumerate(stage.corners):
        specs[f"corner_{i}"] = tf.TensorSpec(step.channels)
    rows = tf.TensorSpec((), tf.int32)
    return specs | {f"row_{i}": rows for i in range(len(stage.noises))}


def _build(stage, operators, inputs):
    values = {
        step: tf.cast(inputs[f"source_{i}"], operators.dtype)
        for i, step in enumerate(stage.sources)
    }
    for step in stage.steps:
        tensors = [values[source] for source in step.sources]
        if step in stage.held:
            i = stage.held.index(step)
            numbers = inputs[f"scale_{i}"], inputs[f"shift_{i}"]
            has_relu = step.arguments["has_relu"]
            values[step] = operators.hold(*tensors, *numbers, has_relu=has_relu)
        elif step in stage.corners:
            level = inputs[f"corner_{stage.corners.index(step)}"]
            values[step] = tensors[0] - tf.cast(level, operators.dtype)
        elif step in stage.noises:
            row = inputs[f"row_{stage.noises.index(step)}"]
            values[step] = join_noise(*tensors, step.arguments["tiles"], row)
        else:
            build = getattr(operators, step.operator)
            values[step] = build(*tensors, **step.arguments)
    floats = {step: tf.cast(values[step], tf.float32) for step in stage.results}
    results = {f"output_{i}": floats[step] for i, step in enumerate(stage.outputs)}
    if stage.is_last:
        return results | {"picture": floats[stage.target]}
    # Of each row: sums of millions of pixels lose their digits in 32 bits.
    means, variances = tf.nn.moments(floats[stage.target], axes=(0, 2))
    return results | {"means": means, "variances": variances}


class _StripOperators(TensorFlowOperators):
    def __init__(self, dtype):
        super().__init__(dtype)
        self.dtype = dtype

    def hold(self, x, scale, shift, *, has_relu):
        # Of a batch normalization with given statistics: one way through memory.
        zeros, ones = tf.zeros_like(scale), tf.ones_like(scale)
        y = tf.raw_ops.FusedBatchNormV3(
            x=x,
            scale=scale,
            offset=shift,
            mean=zeros,
            variance=ones,
            epsilon=0.0,
            is_training=False,
        ).y
        return tf.nn.relu(y) if has_relu else y

    def pad(self, x, padding, mode):
        if mode != "reflect":
            return super().pad(x, padding, mode)
        # In less time than `tf.pad`.
        for axis in (2, 1):
            size = tf.shape(x)[axis]
            before = tf.range(padding, 0, -1)
            after = size - 1 - tf.range(1, padding + 1)
            sides = (tf.gather(x, indices, axis=axis) for indices in (before, after))
            begin, end = sides
            x = tf.concat((begin, x, end), axis)
        return x
