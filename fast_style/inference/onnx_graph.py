"""A generator as an ONNX graph, written operator by operator.

Converters spell normalization, upsampling and reflection out in dozens of operators,
which engines do not fuse again. Here each is one.
"""

import numpy as np
import onnx
from onnx import helper
from onnx import numpy_helper

from fast_style.inference.network import paint
from fast_style.inference.onnx_conditions import blend
from fast_style.inference.onnx_conditions import choose_rows
from fast_style.inference.onnx_conditions import describe_inputs
from fast_style.inference.onnx_writer import GraphWriter
from fast_style.models.architectures import EPSILON
from fast_style.models.architectures import MINIMUM_SIZE
from fast_style.models.style_files import TrainedStyle

OPSET = 18
_INT64 = onnx.TensorProto.INT64
_FLOAT = onnx.TensorProto.FLOAT
_TYPES = {"float32": _FLOAT, "float16": onnx.TensorProto.FLOAT16}
_UINT8 = onnx.TensorProto.UINT8


def make_onnx_model(
    style: TrainedStyle,
    *,
    is_rounded: bool = True,
    precision: str = "float32",
    size: tuple[int, int] | None = None,
    metadata: dict | None = None,
) -> onnx.ModelProto:
    """Writes a style as an ONNX model.

    Args:
        style: What `read_style` returned.
        is_rounded: Whether pixels come in and go out as uint8; else float32.
        precision: Of weights and features, `"float32"` or `"float16"`.
        size: `(H, W)` of the one image that it takes; None: any batch and size.
        metadata: Dict of texts that the model carries.

    Returns:
        A model from `image` `(B, H, W, 3)`, RGB in [0, 255], to `stylized`, the same.
        Of a style with conditions it also takes `style_weights`,
        `(B, number of styles)`, whose sum counts as 1; of one with a predictor
        `style_image`, `(1 or B, h, w, 3)`, pixels as in `image`. Then `strength`
        `(B,)`, 0 to 1, too.
    """
    writer = GraphWriter()
    image = writer.add("Cast", "image", to=_FLOAT) if is_rounded else "image"
    photo = writer.add("Transpose", image, perm=(0, 3, 1, 2))
    photo = _pad_to_multiple(writer, photo, style.architecture.stride)
    if precision != "float32":
        photo = writer.add("Cast", photo, to=_TYPES[precision])
    has_choice = style.architecture.num_conditions > 0
    shares = choose_rows(writer, style, precision) if has_choice else None
    operators = OnnxOperators(writer, precision)
    x = _crop_like(writer, paint(style, photo, operators, shares))
    x = writer.add("Transpose", x, perm=(0, 2, 3, 1))
    if has_choice:
        x = blend(writer, style, image, x)
    if not is_rounded:
        writer.add("Identity", x, name="stylized")
    else:
        x = writer.add("Clip", writer.add("Round", x), np.float32(0), np.float32(255))
        writer.add("Cast", x, name="stylized", to=_UINT8)
    kind = _UINT8 if is_rounded else _FLOAT
    shape = (1, *size, 3) if size else ("batch", "height", "width", 3)
    graph = helper.make_graph(
        writer.nodes,
        style.name,
        [
            helper.make_tensor_value_info("image", kind, shape),
            *describe_inputs(style, shape[0], kind),
        ],
        [helper.make_tensor_value_info("stylized", kind, shape)],
        [numpy_helper.from_array(a, name) for name, a in writer.constants.items()],
    )
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", OPSET)],
        producer_name="fast_style",
        ir_version=8,  # Which engines of 2022 read.
    )
    helper.set_model_props(model, metadata or {})
    onnx.checker.check_model(model, full_check=True)
    return model


class OnnxOperators:
    """The steps of `network.paint`, in ONNX: tensors `(B, C, H, W)`, by name.

    Args:
        writer: Gets the nodes.
        dtype: Of weights and features.
    """

    def __init__(self, writer: GraphWriter, dtype: str = "float32"):
        self._writer = writer
        self._dtype = np.dtype(dtype)

    def scale(self, x, factor):
        return self._writer.add("Mul", x, self._dtype.type(factor))

    def pad(self, x, padding, mode):
        pads = np.int64([0, 0, padding, padding] * 2)
        return self._writer.add("Pad", x, pads, mode=mode)

    def convolve(self, x, kernel, *, bias=None, stride=1):
        kernel = np.ascontiguousarray(kernel.transpose(3, 2, 0, 1), self._dtype)
        inputs = (x, kernel) if bias is None else (x, kernel, bias.astype(self._dtype))
        options = {"kernel_shape": kernel.shape[2:], "strides": (stride, stride)}
        return self._writer.add("Conv", *inputs, **options)

    def subtract_corner(self, x):
        starts, ends, axes = np.int64([0, 0]), np.int64([1, 1]), np.int64([2, 3])
        return self._writer.add(
            "Sub", x, self._writer.add("Slice", x, starts, ends, axes)
        )

    def convolve_transposed(self, x, kernel):
        kernel = np.ascontiguousarray(kernel.transpose(2, 3, 0, 1), self._dtype)
        options = {"kernel_shape": kernel.shape[2:], "strides": (2, 2)}
        return self._writer.add("ConvTranspose", x, kernel, pads=(3,) * 4, **options)

    def mix(self, shares, table):
        mixed = self._writer.add("MatMul", shares, table.astype(self._dtype))
        return mixed, table.shape[1]

    def normalize(self, x, gamma, beta, *, has_relu):
        if isinstance(gamma, tuple):  # Of each image, which the operator does not take.
            x = self._normalize_each(x, gamma, beta)
        else:
            numbers = (each.astype(self._dtype) for each in (gamma, beta))
            x = self._writer.add("InstanceNormalization", x, *numbers, epsilon=EPSILON)
        return self._writer.add("Relu", x) if has_relu else x

    def _normalize_each(self, x, gamma, beta):
        one = np.ones(gamma[1], self._dtype)
        x = self._writer.add("InstanceNormalization", x, one, 0 * one, epsilon=EPSILON)
        scale, shift = (
            self._writer.add("Unsqueeze", name, np.int64([2, 3]))
            for name, _ in (gamma, beta)
        )
        return self._writer.add("Add", self._writer.add("Mul", x, scale), shift)

    def add(self, x, y):
        return self._writer.add("Add", x, y)

    def concatenate(self, x, y):
        return self._writer.add("Concat", x, y, axis=1)

    def join_noise(self, x, tiles):
        tiles = [tile.astype(self._dtype) for tile in tiles]
        return _join_noise(self._writer, tiles, x)

    def upsample(self, x, interpolation):
        if interpolation == "nearest":
            place = "asymmetric"
            options = {"mode": "nearest", "nearest_mode": "floor"}
        else:
            place = "half_pixel"
            options = {"mode": "linear"}
        options["coordinate_transformation_mode"] = place
        scales = np.float32([1, 1, 2, 2])
        return self._writer.add("Resize", x, "", scales, **options)

    def to_levels(self, x, gain):
        if self._dtype != np.float32:
            x = self._writer.add("Cast", x, to=_FLOAT)
        x = self._writer.add("Mul", self._writer.add("Tanh", x), np.float32(gain))
        x = self._writer.add("Add", x, np.float32(127.5))
        if gain > 127.5:
            x = self._writer.add("Clip", x, np.float32(0), np.float32(255))
        return x

    def depth_to_space(self, x):
        return self._writer.add("DepthToSpace", x, blocksize=2, mode="DCR")


def _join_noise(writer, tiles, x):
    sides = _read_sides(writer, x)
    channels = []
    for tile in tiles:
        channel, period = tile, np.int64(len(tile))
        for axis, side in enumerate(sides):
            positions = writer.add("Mod", _count_up(writer, side), period)
            channel = writer.add("Gather", channel, positions, axis=axis)
        channels.append(writer.add("Unsqueeze", channel, np.int64([0, 1])))
    noise = writer.add("Concat", *channels, axis=1)
    batch = writer.add("Shape", x, start=0, end=1)
    shape = writer.add("Concat", batch, np.int64([1, 1, 1]), axis=0)
    return writer.add("Concat", x, writer.add("Expand", noise, shape), axis=1)


def _pad_to_multiple(writer, x, stride):
    sides = _read_sides(writer, x)
    for axis, side in enumerate(sides, start=2):
        multiples = writer.add("Add", side, np.int64(stride - 1))
        multiples = writer.add("Div", multiples, np.int64(stride))
        padded = writer.add("Mul", multiples, np.int64(stride))
        padded = writer.add("Max", padded, np.int64(MINIMUM_SIZE))
        period = writer.add("Mul", writer.add("Sub", side, np.int64(1)), np.int64(2))
        period = writer.add("Max", period, np.int64(1))
        folded = writer.add("Mod", _count_up(writer, padded), period)
        mirrored = writer.add("Min", folded, writer.add("Sub", period, folded))
        x = writer.add("Gather", x, mirrored, axis=axis)
    return x


def _read_sides(writer, x):
    sizes = [writer.add("Shape", x, start=axis, end=axis + 1) for axis in (2, 3)]
    return [writer.add("Squeeze", size, np.int64([0])) for size in sizes]


def _count_up(writer, end):
    return writer.add("Range", np.int64(0), end, np.int64(1))


def _crop_like(writer, x):
    ends = writer.add("Shape", "image", start=1, end=3)
    return writer.add("Slice", x, np.int64([0, 0]), ends, np.int64([2, 3]))
