"""A generator as a LiteRT model (TensorFlow Lite), of built-in operators alone.

Of operators, even, that XNNPACK has, the library with which LiteRT computes on CPUs: it
has neither reflection nor normalization, so they are written in terms of what it has.
"""

import json

import numpy as np
import tensorflow as tf
from tensorflow.lite.tools import flatbuffer_utils

from fast_style.inference.network import paint
from fast_style.inference.tensorflow_conditions import blend
from fast_style.inference.tensorflow_conditions import choose_rows
from fast_style.inference.tensorflow_conditions import make_choice_specs
from fast_style.inference.tensorflow_graph import pad_to_multiple
from fast_style.inference.tensorflow_graph import TensorFlowOperators
from fast_style.models.architectures import EPSILON
from fast_style.models.architectures import mirror_to_multiple
from fast_style.models.style_files import TrainedStyle

METADATA_NAME = "fast_style"
PRECISIONS = ("float32", "float16", "int8")
_MOST_JOINED = 4  # By one operator of XNNPACK.


def make_litert_model(
    style: TrainedStyle,
    *,
    precision: str = "float32",
    size: tuple[int, int] | None = None,
    metadata: dict | None = None,
) -> bytes:
    """Converts a style.

    Args:
        style: What `read_style` returned.
        precision: `"float32"`; `"float16"` stores weights in half the bytes; `"int8"`
            computes convolutions in 8 bits, with the range of each image, which is
            found while it is stylized: it needs no photos to calibrate.
        size: `(H, W)` of the one image that it takes; None: any batch and size.
        metadata: Dict of texts that the file carries, as JSON, in the entry
            `fast_style` of its metadata.

    Returns:
        The `.tflite` file. Signature `serving_default`: `image`, float32
        `(B, H, W, 3)`, RGB in [0, 255], to `stylized`, the same. What it takes
        beside it, where there is a choice, `make_choice_specs` says.
    """
    operators = LiteRtOperators()

    def stylize(image, *choice):
        stride = style.architecture.stride
        pad = pad_to_multiple if size is None else _pad_known
        photo = pad(image, stride)
        shares = choose_rows(style, *choice) if choice else None
        stylized = paint(style, photo, operators, shares)
        height, width = tf.unstack(tf.shape(image)[1:3]) if size is None else size
        stylized = stylized[:, :height, :width]
        if choice:
            stylized = blend(style, image, stylized, choice[1])
        return {"stylized": stylized}

    shape = (None, None, None, 3) if size is None else (1, *size, 3)
    signature = [tf.TensorSpec(shape, tf.float32, name="image")]
    signature += make_choice_specs(style, shape[0])
    module = tf.Module()
    module.stylize = tf.function(stylize, input_signature=signature, autograph=False)
    function = module.stylize.get_concrete_function()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function], module)
    if precision != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if precision == "float16":
        converter.target_spec.supported_types = [tf.float16]
    return _add_metadata(converter.convert(), metadata or {})


class LiteRtOperators(TensorFlowOperators):
    """The steps of `network.paint` in operators that XNNPACK has."""

    def __init__(self):
        super().__init__("float32")

    def pad(self, x, padding, mode):
        for axis in (1, 2):
            if mode == "reflect":
                before = [_cut(x, axis, i) for i in range(padding, 0, -1)]
                after = [_cut(x, axis, -1 - i) for i in range(1, padding + 1)]
            else:
                before = [_cut(x, axis, 0)] * padding
                after = [_cut(x, axis, -1)] * padding
            x = _join([*before, x, *after], axis)
        return x

    def normalize(self, x, gamma, beta, *, has_relu):
        centred = x - tf.reduce_mean(x, (1, 2), keepdims=True)
        variance = tf.reduce_mean(tf.square(centred), (1, 2), keepdims=True)
        if tf.is_tensor(gamma):
            gamma, beta = (each[:, None, None] for each in (gamma, beta))
        # Both numbers are small; the image is multiplied once.
        y = centred * (tf.math.rsqrt(variance + EPSILON) * gamma) + beta
        return tf.nn.relu(y) if has_relu else y


def _cut(x, axis, index):
    place = slice(index, index + 1 or None)
    return x[:, place] if axis == 1 else x[:, :, place]


def _join(pieces, axis):
    while len(pieces) > 1:
        groups = [
            pieces[i : i + _MOST_JOINED] for i in range(0, len(pieces), _MOST_JOINED)
        ]
        pieces = [tf.concat(g, axis) if len(g) > 1 else g[0] for g in groups]
    return pieces[0]


def _pad_known(x, stride):
    """Does what `pad_to_multiple` does, for a size that is known."""
    for axis in (1, 2):
        size = x.shape[axis]
        more = mirror_to_multiple(size, stride)[size:]
        x = _join([x, *(_cut(x, axis, i) for i in more)], axis)
    return x


def _add_metadata(file, metadata):
    if not metadata:
        return file
    model = flatbuffer_utils.read_model_from_bytearray(bytearray(file))
    buffer = flatbuffer_utils.schema_fb.BufferT()
    buffer.data = np.frombuffer(json.dumps(metadata).encode(), "uint8")
    model.buffers.append(buffer)
    entry = flatbuffer_utils.schema_fb.MetadataT()
    entry.name, entry.buffer = METADATA_NAME, len(model.buffers) - 1
    model.metadata.append(entry)
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model))
