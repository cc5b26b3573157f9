"""A generator of several styles in one graph, in every engine."""

import numpy as np
import onnxruntime
import pytest
import tensorflow as tf

from fast_style.inference.litert_graph import make_litert_model
from fast_style.inference.onnx_graph import make_onnx_model
from fast_style.inference.tensorflow_graph import make_function
from fast_style.models.style_files import to_trained_style

NAMES = ("wave", "night", "scream")


@pytest.fixture(scope="module", params=[(0.2, 0.6, 1.0), (1.0,)], ids=str)
def generator(make_several, request):
    return make_several(request.param, deviation=0.3)


@pytest.fixture
def inputs(rng):
    return {
        "image": rng.uniform(0, 255, (4, 21, 30, 3)).astype("float32"),
        "style_weights": np.float32([[1, 0, 0], [0, 2, 2], [0.1, 0.2, 0], [0, 0, 1]]),
        "strength": np.float32([1, 0.5, 0.15, 0]),
    }


@pytest.fixture
def expected(generator, inputs):
    """By Keras and `Conditions.mix`, each image by itself."""
    conditions, stylized = generator.conditions, []
    for image, weights, strength in zip(*inputs.values(), strict=True):
        styles = dict(zip(NAMES, weights.tolist(), strict=True))
        shares = conditions.mix(styles, strength)[None]
        painted = np.asarray(generator([image[None], shares]))[0]
        share = min(strength / conditions.strengths[0], 1)
        stylized.append(share * painted + (1 - share) * image)
    return np.stack(stylized)


def test_in_tensorflow(generator, inputs, expected):
    function = make_function(to_trained_style(generator))

    stylized = function(*map(tf.constant, inputs.values()))

    np.testing.assert_allclose(stylized, expected, atol=0.05)


def test_in_onnx_runtime(generator, inputs, expected):
    model = make_onnx_model(to_trained_style(generator), is_rounded=False)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )

    (stylized,) = session.run(["stylized"], inputs)

    np.testing.assert_allclose(stylized, expected, atol=0.05)


def test_in_openvino(generator, inputs, expected):
    openvino = pytest.importorskip("openvino")
    model = make_onnx_model(to_trained_style(generator), is_rounded=False)
    compiled = openvino.compile_model(
        openvino.Core().read_model(model.SerializeToString()),
        "CPU",
        {"INFERENCE_PRECISION_HINT": "f32"},
    )

    stylized = compiled(inputs)["stylized"]

    np.testing.assert_allclose(stylized, expected, atol=0.05)


@pytest.mark.parametrize("size", [None, (21, 30)])
def test_in_litert(generator, inputs, expected, size):
    interpreter = pytest.importorskip("ai_edge_litert.interpreter")
    model = make_litert_model(to_trained_style(generator), size=size)
    runner = interpreter.Interpreter(model_content=model).get_signature_runner()
    if size:
        inputs = {name: array[1:2] for name, array in inputs.items()}
        expected = expected[1:2]

    stylized = runner(**inputs)["stylized"]

    np.testing.assert_allclose(stylized, expected, atol=0.05)
