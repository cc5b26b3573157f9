import numpy as np
from onnx import numpy_helper
import onnxruntime
import pytest

from fast_style import samples
from fast_style.inference.export_options import load_photos
from fast_style.inference.onnx_graph import make_onnx_model
from fast_style.inference.quantizing import quantize
from fast_style.models.style_files import read_style


@pytest.fixture(scope="module")
def style():
    return read_style(samples.FOLDER.parent / "styles" / "great_wave.keras")


@pytest.fixture(scope="module")
def model(style):
    return make_onnx_model(style)


def run(model, image):
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return session.run(None, {"image": image})[0].astype("float32")


@pytest.mark.parametrize(("is_exact", "most"), [(False, 3.0), (True, 2.0)])
def test_nearly_the_same_in_less_than_half_of_the_bytes(style, model, is_exact, most):
    photos = load_photos(samples.PHOTOS, (128, 160))
    feeds = [{"image": photo} for photo in photos]

    small = quantize(model, feeds[:2], style.architecture, has_exact_outputs=is_exact)

    assert small.ByteSize() < model.ByteSize() / 2
    difference = np.abs(run(small, photos[2]) - run(model, photos[2]))
    assert 0 < difference.mean() < most


def test_all_convolutions_but_the_first_and_last_get_8_bits(style, model):
    photo = load_photos(samples.PHOTOS, (64, 64))[0]

    small = quantize(model, [{"image": photo}], style.architecture)

    makers = {name: node.op_type for node in small.graph.node for name in node.output}
    convolutions = [node for node in small.graph.node if node.op_type == "Conv"]
    inputs = [[makers.get(name) for name in node.input[:2]] for node in convolutions]
    down, end = len(style.architecture.down), len(style.architecture.refine) + 1
    assert inputs[down:-end] == [["DequantizeLinear"] * 2] * (len(inputs) - down - end)
    assert inputs[:down] + inputs[-end:] == [["Pad", None]] * (down + end)


def test_products_of_two_weights_fit_in_16_bits(style, model):
    photo = load_photos(samples.PHOTOS, (64, 64))[0]

    small = quantize(model, [{"image": photo}], style.architecture)

    arrays = map(numpy_helper.to_array, small.graph.initializer)
    kernels = [x for x in arrays if x.dtype == np.int8 and x.ndim == 4]
    assert len(kernels) > 5
    largest = max(np.abs(kernel.astype("int64")).max() for kernel in kernels)
    assert 2 * 255 * largest < 2**15
