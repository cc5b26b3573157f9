import collections

import numpy as np
import onnxruntime
import pytest

from fast_style.inference.onnx_graph import make_onnx_model
from fast_style.models.style_files import to_trained_style


def run(model, images):
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return session.run(None, {"image": images})[0]


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (3, 50), (17, 64), (33, 47)])
def test_gives_the_pixels_of_keras(any_generator, rng, shape):
    images = rng.uniform(0, 255, (2, *shape, 3)).astype("float32")
    model = make_onnx_model(to_trained_style(any_generator), is_rounded=False)

    # One at a time: in a batch, TensorFlow on some CPUs rounds pixels of one colour
    # differently, and each normalization multiplies that by 300.
    expected = np.concatenate([any_generator(image[None]) for image in images])
    np.testing.assert_allclose(run(model, images), expected, atol=0.05)


def test_normalization_and_upsampling_are_single_operators(any_generator):
    architecture = any_generator.architecture
    model = make_onnx_model(to_trained_style(any_generator))

    counts = collections.Counter(node.op_type for node in model.graph.node)
    normalizations = sum("_norm" in layer.name for layer in any_generator.layers)
    assert counts["InstanceNormalization"] == normalizations
    is_nearest = architecture.interpolation == "nearest"
    upsampling = "ConvTranspose" if is_nearest else "Resize"
    assert counts[upsampling] == len(architecture.up)
    assert counts["Conv"] + counts["ConvTranspose"] == normalizations + 1
    assert not counts.keys() & {"ReduceMean", "Sqrt", "Tile"}


def test_a_wider_range_of_the_output_is_clipped(wide_generator, rng):
    images = rng.uniform(0, 255, (1, 16, 20, 3)).astype("float32")
    model = make_onnx_model(to_trained_style(wide_generator), is_rounded=False)

    stylized = run(model, images)

    assert (stylized.min(), stylized.max()) == (0, 255)
    np.testing.assert_allclose(stylized, wide_generator(images), atol=0.05)


def test_carries_its_notes(any_generator):
    model = make_onnx_model(to_trained_style(any_generator), metadata={"pixels": "RGB"})

    assert {each.key: each.value for each in model.metadata_props} == {"pixels": "RGB"}
    assert model.producer_name == "fast_style"
