import numpy as np
import onnx
from onnx import helper
import onnxruntime
import pytest

from fast_style import samples
from fast_style.inference.equalizing import equalize
from fast_style.inference.export_options import load_photos
from fast_style.inference.onnx_graph import make_onnx_model
from fast_style.models.style_files import read_style


@pytest.fixture(scope="module")
def model():
    style = read_style(samples.FOLDER.parent / "styles" / "great_wave.keras")
    return make_onnx_model(style)


@pytest.fixture(scope="module")
def feeds():
    return [{"image": photo} for photo in load_photos(samples.PHOTOS, (96, 128))]


def run(model, feed, names=("stylized",)):
    model = onnx.ModelProto.FromString(model.SerializeToString())
    others = [name for name in names if name != "stylized"]
    model.graph.output.extend(
        helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
        for name in others
    )
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return session.run(list(names), feed)


def test_pictures_stay_what_they_are(model, feeds):
    equal = equalize(model, feeds[:2])

    for feed in feeds:
        (before,), (after,) = run(model, feed), run(equal, feed)
        assert np.abs(before.astype(int) - after.astype(int)).max() <= 1


def test_channels_have_one_range_around_zero(model, feeds):
    equal = equalize(model, feeds[:1])

    convolutions = [node for node in equal.graph.node if node.op_type == "Conv"]
    names = [node.output[0] for node in convolutions[:-1]]
    for array in run(equal, feeds[0], names):
        low, high = array.min(axis=(0, 2, 3)), array.max(axis=(0, 2, 3))
        np.testing.assert_allclose(high, high.max(), rtol=0.01)
        np.testing.assert_allclose(low, -high, rtol=0.01)


def test_the_last_convolution_and_the_given_model_are_left_alone(model, feeds):
    before = model.SerializeToString()

    equal = equalize(model, feeds[:1])

    assert model.SerializeToString() == before
    last = [
        [n for n in m.graph.node if n.op_type == "Conv"][-1] for m in (model, equal)
    ]
    assert last[0].input == last[1].input
