import dataclasses

import numpy as np
import onnxruntime
import pytest

from fast_style.inference.network import paint
from fast_style.inference.onnx_graph import make_onnx_model
from fast_style.inference.tensorflow_graph import make_array_function
from fast_style.inference.tensorflow_graph import TensorFlowOperators
from fast_style.models.style_files import to_trained_style


def test_every_architecture_gives_the_pixels_of_keras(own_generator, rng):
    images = rng.uniform(0, 255, (2, 22, 37, 3)).astype("float32")
    style = to_trained_style(own_generator)

    model = make_onnx_model(style, is_rounded=False).SerializeToString()
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    by_onnx = session.run(None, {"image": images})[0]

    expected = own_generator(images)
    np.testing.assert_allclose(by_onnx, expected, atol=0.05)
    np.testing.assert_allclose(make_array_function(style)(images), expected, atol=0.05)


def test_a_skip_needs_a_convolution(wide_generator, rng):
    style = to_trained_style(wide_generator)
    architecture = dataclasses.replace(style.architecture, refine=())
    photo = rng.uniform(0, 255, (1, 16, 16, 3)).astype("float32")

    with pytest.raises(ValueError, match="A skip needs a convolution"):
        paint(
            dataclasses.replace(style, architecture=architecture),
            photo,
            TensorFlowOperators(),
        )
