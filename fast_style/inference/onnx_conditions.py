"""The choice among styles and strengths, as nodes of an ONNX graph."""

import numpy as np
import onnx
from onnx import helper

from fast_style.inference.onnx_looking import predict

_FLOAT = onnx.TensorProto.FLOAT
_TINY = 1e-9


def describe_inputs(style, batch, kind) -> list[onnx.ValueInfoProto]:
    """Returns what a style takes beside images, where there is a choice.

    Args:
        style: `TrainedStyle`.
        batch: B, or its name.
        kind: ONNX's type of pixels.
    """
    if style.conditions is not None:
        shape = (batch, len(style.conditions.names))
        choice = helper.make_tensor_value_info("style_weights", _FLOAT, shape)
    elif style.predictor is not None:
        shape = ("paintings", "painting_height", "painting_width", 3)
        choice = helper.make_tensor_value_info("style_image", kind, shape)
    else:
        return []
    return [choice, helper.make_tensor_value_info("strength", _FLOAT, (batch,))]


def choose_rows(writer, style, precision: str) -> str:
    """Returns how much of each row of the tables an image gets.

    Args:
        writer: Gets the nodes.
        style: `TrainedStyle` with conditions or a predictor.
        precision: Of the result.

    Returns:
        Name of a tensor `(B, num_conditions)`.
    """
    if style.conditions is not None:
        total = writer.add("ReduceSum", "style_weights", np.int64([1]), keepdims=1)
        total = writer.add("Max", total, np.float32(_TINY))
        styles = writer.add("Div", "style_weights", total)
    else:
        painting = writer.add("Cast", "style_image", to=_FLOAT)
        painting = writer.add("Transpose", painting, perm=(0, 3, 1, 2))
        styles = predict(writer, style.predictor, painting)
    rows = writer.add(
        "Mul",
        writer.add("Unsqueeze", styles, np.int64([2])),
        writer.add("Unsqueeze", _choose_strengths(writer, style), np.int64([1])),
    )
    shape = np.int64([-1, style.architecture.num_conditions])
    shares = writer.add("Reshape", rows, shape)
    if precision != "float32":
        kind = helper.np_dtype_to_tensor_dtype(np.dtype(precision))
        shares = writer.add("Cast", shares, to=kind)
    return shares


def _choose_strengths(writer, style):
    """Returns how much of the rows of each strength, `(B, number of strengths)`."""
    knots = np.float32(_read_strengths(style))
    strength = writer.add("Unsqueeze", "strength", np.int64([1]))
    one = writer.add("Add", writer.add("Mul", strength, np.float32(0)), np.float32(1))
    if len(knots) == 1:
        return one
    risen = writer.add("Sub", strength, knots[None, :-1])
    risen = writer.add("Div", risen, np.diff(knots)[None])
    risen = writer.add("Clip", risen, np.float32(0), np.float32(1))
    begun = writer.add("Concat", one, risen, axis=1)
    first = np.int64([0]), np.int64([len(knots) - 1]), np.int64([1])
    lower = writer.add("Sub", writer.add("Slice", begun, *first), risen)
    return writer.add("Concat", lower, one, axis=1)


def blend(writer, style, image: str, stylized: str) -> str:
    """Blends with the photo below the least strength that was trained in.

    Args:
        writer: Gets the nodes.
        style: `TrainedStyle` with conditions or a predictor.
        image: Name of the photo, float32.
        stylized: Name of what became of it.
    """
    share = writer.add("Div", "strength", np.float32(_read_strengths(style)[0]))
    share = writer.add("Min", share, np.float32(1))
    share = writer.add("Unsqueeze", share, np.int64([1, 2, 3]))
    change = writer.add("Mul", share, writer.add("Sub", stylized, image))
    return writer.add("Add", image, change)


def _read_strengths(style):
    return (style.conditions or style.predictor).strengths
