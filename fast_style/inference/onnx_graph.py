"""A generator as an ONNX graph, written operator by operator.

Converters spell normalization, upsampling and reflection out in dozens of operators,
which engines do not fuse again. Here each is one.
"""

import numpy as np
import onnx
from onnx import helper
from onnx import numpy_helper

from fast_style.models.architectures import EPSILON
from fast_style.models.architectures import MINIMUM_SIZE
from fast_style.models.architectures import STRIDE
from fast_style.models.noise_tiles import make_noise_tiles
from fast_style.models.style_files import TrainedStyle

OPSET = 18
_INT64 = onnx.TensorProto.INT64
_FLOAT = onnx.TensorProto.FLOAT
_UINT8 = onnx.TensorProto.UINT8


class GraphWriter:
    """Collects nodes and constants.

    Attributes:
        nodes: In the order in which they are computed.
        constants: Dict from name to NumPy array.
    """

    def __init__(self):
        self.nodes = []
        self.constants = {}

    def add(self, operator: str, *inputs, name: str = "", **attributes) -> str:
        """Adds a node.

        Args:
            operator: Of ONNX.
            *inputs: Names of tensors; arrays and numbers become constants.
            name: Of its output; empty: one is made up.
            **attributes: Of the operator.

        Returns:
            The name of its output.
        """
        name = name or f"{operator.lower()}_{len(self.nodes)}"
        names = [
            each if isinstance(each, str) else self._add_constant(each)
            for each in inputs
        ]
        node = helper.make_node(operator, names, [name], name=name, **attributes)
        self.nodes.append(node)
        return name

    def _add_constant(self, value):
        array = np.asarray(value)
        for name, other in self.constants.items():
            if array.dtype == other.dtype and np.array_equal(array, other):
                return name
        name = f"constant_{len(self.constants)}"
        self.constants[name] = array
        return name


def make_onnx_model(
    style: TrainedStyle, *, is_rounded: bool = True, metadata: dict | None = None
) -> onnx.ModelProto:
    """Writes a style as an ONNX model for any batch, height and width.

    Args:
        style: What `read_style` returned.
        is_rounded: Whether pixels come in and go out as uint8; else float32.
        metadata: Dict of texts that the model carries.

    Returns:
        A model from `image` `(B, H, W, 3)`, RGB in [0, 255], to `stylized`, the same.
    """
    writer = GraphWriter()
    image = writer.add("Cast", "image", to=_FLOAT) if is_rounded else "image"
    photo = _pad_to_multiple(writer, writer.add("Transpose", image, perm=(0, 3, 1, 2)))
    x = _end(writer, style, _paint(writer, style, photo))
    x = _crop_like(writer, x)
    name = "" if is_rounded else "stylized"
    x = writer.add("Transpose", x, name=name, perm=(0, 2, 3, 1))
    if is_rounded:
        x = writer.add("Clip", writer.add("Round", x), np.float32(0), np.float32(255))
        writer.add("Cast", x, name="stylized", to=_UINT8)
    kind, shape = _UINT8 if is_rounded else _FLOAT, ("batch", "height", "width", 3)
    graph = helper.make_graph(
        writer.nodes,
        style.name,
        [helper.make_tensor_value_info("image", kind, shape)],
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


def _paint(writer, style, photo):
    architecture = style.architecture

    def convolve(x, block, **options):
        return _convolve_and_normalize(writer, style.weights, x, block, **options)

    def join_noise(x):
        if not architecture.noise_channels:
            return x
        return _join_noise(writer, architecture.noise_channels, x)

    # The range of the photo is in the first kernel, as the normalization behind it
    # takes any bias away.
    x, scale = photo, 1 / 127.5
    for i, (_, _, stride) in enumerate(architecture.down, start=1):
        if i == len(architecture.down):
            x = join_noise(x)
        x = convolve(x, f"down{i}", stride=stride, scale=scale)
        scale = 1.0
    for i in range(1, architecture.num_residual_blocks + 1):
        y = convolve(x, f"residual{i}", part=1)
        y = convolve(y, f"residual{i}", part=2, has_relu=False)
        x = writer.add("Add", x, y)
    for i in range(1, len(architecture.up) + 1):
        x = _upsample(writer, x, architecture.interpolation)
        if i < len(architecture.up):
            x = join_noise(x)
        x = convolve(x, f"up{i}")
    if architecture.has_skip:
        x = writer.add("Concat", x, photo, axis=1)
    for i in range(1, len(architecture.refine) + 1):
        # Of the channels of the photo, which are last.
        scales = [1 / 127.5] * 3 if architecture.has_skip and i == 1 else []
        x = convolve(x, f"refine{i}", last_scales=scales)
    if architecture.has_skip and not architecture.refine:
        raise ValueError("A skip without a convolution behind it cannot be exported.")
    return x


def _convolve_and_normalize(
    writer, weights, x, block, *, part="", stride=1, has_relu=True, scale=1.0,
    last_scales=(),
):  # fmt: skip
    kernel = weights[f"{block}_conv{part}/kernel"] * np.float32(scale)
    if last_scales:
        kernel[:, :, -len(last_scales) :] *= np.reshape(last_scales, (-1, 1))
    x = _convolve(writer, x, kernel, stride=stride)
    gamma, beta = (weights[f"{block}_norm{part}/{x}"] for x in ("gamma", "beta"))
    x = writer.add("InstanceNormalization", x, gamma, beta, epsilon=EPSILON)
    return writer.add("Relu", x) if has_relu else x


def _convolve(writer, x, kernel, bias=None, *, stride=1):
    size = kernel.shape[0]
    pads = np.int64([0, 0, size // 2, size // 2] * 2)
    x = writer.add("Pad", x, pads, mode="reflect")
    weights = np.ascontiguousarray(kernel.transpose(3, 2, 0, 1), "float32")
    inputs = (x, weights) if bias is None else (x, weights, bias)
    options = {"kernel_shape": (size, size), "strides": (stride, stride)}
    return writer.add("Conv", *inputs, **options)


def _end(writer, style, x):
    gain = style.architecture.output_gain
    kernel, bias = (style.weights[f"end_conv/{x}"] for x in ("kernel", "bias"))
    x = _convolve(writer, x, kernel, bias)
    x = writer.add("Mul", writer.add("Tanh", x), np.float32(gain))
    x = writer.add("Add", x, np.float32(127.5))
    if gain > 127.5:
        x = writer.add("Clip", x, np.float32(0), np.float32(255))
    return x


def _upsample(writer, x, interpolation):
    mode = {"bilinear": "linear", "nearest": "nearest"}[interpolation]
    scales = np.float32([1, 1, 2, 2])
    options = {"mode": mode}
    if mode == "linear":
        options["coordinate_transformation_mode"] = "half_pixel"
    else:
        options["coordinate_transformation_mode"] = "asymmetric"
        options["nearest_mode"] = "floor"
    return writer.add("Resize", x, "", scales, **options)


def _join_noise(writer, num_channels, x):
    sides = _read_sides(writer, x)
    channels = []
    for tile in make_noise_tiles(num_channels):
        channel, period = tile, np.int64(len(tile))
        for axis, side in enumerate(sides):
            positions = writer.add("Mod", _count_up(writer, side), period)
            channel = writer.add("Gather", channel, positions, axis=axis)
        channels.append(writer.add("Unsqueeze", channel, np.int64([0, 1])))
    noise = writer.add("Concat", *channels, axis=1)
    batch = writer.add("Shape", x, start=0, end=1)
    shape = writer.add("Concat", batch, np.int64([1, 1, 1]), axis=0)
    return writer.add("Concat", x, writer.add("Expand", noise, shape), axis=1)


def _pad_to_multiple(writer, x):
    sides = _read_sides(writer, x)
    for axis, side in enumerate(sides, start=2):
        multiples = writer.add("Add", side, np.int64(STRIDE - 1))
        multiples = writer.add("Div", multiples, np.int64(STRIDE))
        padded = writer.add("Mul", multiples, np.int64(STRIDE))
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
