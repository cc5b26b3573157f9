"""The choice among styles and strengths, as nodes of an ONNX graph."""

import numpy as np
import onnx
from onnx import helper

_FLOAT = onnx.TensorProto.FLOAT
_TINY = 1e-9


def describe_inputs(conditions, batch) -> list[onnx.ValueInfoProto]:
    """Returns what a style with conditions takes beside images; else nothing.

    Args:
        conditions: `Conditions` of the style; None: it has none.
        batch: B, or its name.
    """
    if conditions is None:
        return []
    shape = (batch, len(conditions.names))
    return [
        helper.make_tensor_value_info("style_weights", _FLOAT, shape),
        helper.make_tensor_value_info("strength", _FLOAT, (batch,)),
    ]


def choose_rows(writer, conditions, precision: str) -> str:
    """Does what `Conditions.mix` does, for `style_weights` and `strength`.

    Args:
        writer: Gets the nodes.
        conditions: `Conditions` of the style.
        precision: Of the result.

    Returns:
        Name of how much of each row, `(B, num_rows)`.
    """
    total = writer.add("ReduceSum", "style_weights", np.int64([1]), keepdims=1)
    total = writer.add("Max", total, np.float32(_TINY))
    styles = writer.add("Div", "style_weights", total)
    knots = np.float32(conditions.strengths)
    strength = writer.add("Unsqueeze", "strength", np.int64([1]))
    one = writer.add("Add", writer.add("Mul", strength, np.float32(0)), np.float32(1))
    parts = one
    if len(knots) > 1:
        risen = writer.add("Sub", strength, knots[None, :-1])
        risen = writer.add("Div", risen, np.diff(knots)[None])
        risen = writer.add("Clip", risen, np.float32(0), np.float32(1))
        begun = writer.add("Concat", one, risen, axis=1)
        first = np.int64([0]), np.int64([len(knots) - 1]), np.int64([1])
        lower = writer.add("Sub", writer.add("Slice", begun, *first), risen)
        parts = writer.add("Concat", lower, one, axis=1)
    rows = writer.add(
        "Mul",
        writer.add("Unsqueeze", styles, np.int64([2])),
        writer.add("Unsqueeze", parts, np.int64([1])),
    )
    shares = writer.add("Reshape", rows, np.int64([-1, conditions.num_rows]))
    if precision != "float32":
        shares = writer.add(
            "Cast", shares, to=helper.np_dtype_to_tensor_dtype(np.dtype(precision))
        )
    return shares


def blend(writer, conditions, image: str, stylized: str) -> str:
    """Blends with the photo below the least strength that was trained in.

    Args:
        writer: Gets the nodes.
        conditions: `Conditions` of the style.
        image: Name of the photo, float32.
        stylized: Name of what became of it.
    """
    share = writer.add("Div", "strength", np.float32(conditions.strengths[0]))
    share = writer.add("Min", share, np.float32(1))
    share = writer.add("Unsqueeze", share, np.int64([1, 2, 3]))
    change = writer.add("Mul", share, writer.add("Sub", stylized, image))
    return writer.add("Add", image, change)
