"""ONNX models that compute their convolutions in 8 bits, by ONNX Runtime's tools."""

import os
import tempfile

import onnx
from onnxruntime import quantization
from onnxruntime.quantization.shape_inference import quant_pre_process

from fast_style.inference.equalizing import equalize
from fast_style.inference.onnx_looking import LOOK_PREFIX
from fast_style.models.architectures import Architecture

# Transposed ones follow a difference of features, which has no range in common.
_OPERATORS = ["Conv"]


def quantize(
    model: onnx.ModelProto,
    feeds: list[dict],
    architecture: Architecture,
    *,
    has_exact_outputs: bool = False,
) -> onnx.ModelProto:
    """Makes the weights and inputs of convolutions 8-bit numbers.

    Weights have a range for each filter, inputs one each, from the smallest to the
    largest number that photos give, and so have outputs, whose channels are equalized
    before.

    Convolutions of the way down and those at full resolution that end it stay as they
    are: they see the photo itself, with few channels, so that 8 bits cost most there
    and win least. The last one's outliers saturate the picture, and would take the
    whole range. So does what looks at paintings.

    Weights have 7 bits: CPUs without VNNI add two products in 16 bits, which 8 would
    overflow.

    Args:
        model: What `make_onnx_model` returned.
        feeds: Dicts from the names of its inputs to arrays, among them `image`, uint8
            `(1, H, W, 3)`.
        architecture: Of the generator.
        has_exact_outputs: Whether what comes out of a convolution is kept in float32,
            not in 8 bits: several times nearer, and faster in OpenVINO; ONNX Runtime
            would not compute in 8 bits then.

    Returns:
        A new model.
    """
    if not has_exact_outputs:
        model = equalize(model, feeds)
    options = {"OpTypesToExcludeOutputQuantization": _OPERATORS}
    with tempfile.TemporaryDirectory(prefix="fast_style-") as folder:
        paths = [os.path.join(folder, name) for name in ("a.onnx", "b.onnx", "c.onnx")]
        onnx.save(model, paths[0])
        quant_pre_process(
            paths[0], paths[1], skip_optimization=True, skip_symbolic_shape=True
        )
        quantization.quantize_static(
            paths[1],
            paths[2],
            _Reader(feeds),
            quant_format=quantization.QuantFormat.QDQ,
            per_channel=True,
            reduce_range=True,
            activation_type=quantization.QuantType.QUInt8,
            op_types_to_quantize=_OPERATORS,
            nodes_to_exclude=_list_exact(model, architecture),
            extra_options=options if has_exact_outputs else {},
        )
        return onnx.load(paths[2])


def _list_exact(model, architecture):
    names = [node.name for node in model.graph.node if node.op_type == "Conv"]
    # A painting is looked at once, and wrong numbers would be wrong everywhere.
    looking = [name for name in names if name.startswith(LOOK_PREFIX)]
    names = [name for name in names if name not in looking]
    first, last = len(architecture.down), 1 + len(architecture.refine)
    return [*looking, *names[:first], *names[-last:]]


class _Reader(quantization.CalibrationDataReader):
    def __init__(self, feeds):
        self._feeds = iter(feeds)

    def get_next(self):
        return next(self._feeds, None)
