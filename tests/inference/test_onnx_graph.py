import collections
import dataclasses

import numpy as np
import onnx
import onnxruntime
import pytest

from fast_style.inference.onnx_graph import GraphWriter
from fast_style.inference.onnx_graph import make_onnx_model
from fast_style.models.generator import build_generator
from fast_style.models.style_files import to_trained_style


@pytest.fixture(scope="module", params=["johnson", "fast", "tiny"])
def generator(request):
    generator = build_generator(request.param)
    rng = np.random.default_rng(1)
    for weights in generator.weights:
        if len(weights.shape) == 1:  # Neither ones nor zeros, so that none is lost.
            weights.assign(rng.normal(weights.numpy().mean(), 0.2, weights.shape))
    return generator


def run(model, images):
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return session.run(None, {"image": images})[0]


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (3, 50), (17, 64), (33, 47)])
def test_gives_the_pixels_of_keras(generator, rng, shape):
    images = rng.uniform(0, 255, (2, *shape, 3)).astype("float32")
    model = make_onnx_model(to_trained_style(generator), is_rounded=False)

    np.testing.assert_allclose(run(model, images), generator(images), atol=0.05)


def test_normalization_and_upsampling_are_single_operators(generator):
    architecture = generator.architecture
    model = make_onnx_model(to_trained_style(generator))

    counts = collections.Counter(node.op_type for node in model.graph.node)
    normalizations = sum("_norm" in layer.name for layer in generator.layers)
    assert counts["InstanceNormalization"] == normalizations
    assert counts["Resize"] == len(architecture.up)
    assert counts["Conv"] == normalizations + 1
    assert not counts.keys() & {"ReduceMean", "Sqrt", "Tile"}


def test_a_wider_range_of_the_output_is_clipped(rng):
    own = dataclasses.replace(build_generator("tiny").architecture, output_gain=150.0)
    generator = build_generator("own", architecture=own)
    generator.get_layer("end_conv").bias.assign([9.0, -9.0, 0.0])
    images = rng.uniform(0, 255, (1, 16, 20, 3)).astype("float32")

    stylized = run(
        make_onnx_model(to_trained_style(generator), is_rounded=False), images
    )

    assert (stylized.min(), stylized.max()) == (0, 255)
    np.testing.assert_allclose(stylized, generator(images), atol=0.05)


def test_carries_its_notes(generator):
    model = make_onnx_model(to_trained_style(generator), metadata={"pixels": "RGB"})

    assert {each.key: each.value for each in model.metadata_props} == {"pixels": "RGB"}
    assert model.producer_name == "fast_style"


class TestGraphWriter:
    def test_equal_constants_are_one(self):
        writer = GraphWriter()
        writer.add("Add", "x", np.int64(4))
        writer.add("Mul", "x", np.int64(4))
        writer.add("Mul", "x", np.float32(4))

        assert [array.dtype for array in writer.constants.values()] == ["i8", "f4"]

    def test_an_output_may_have_a_name(self):
        writer = GraphWriter()

        assert writer.add("Relu", "x", name="y") == "y"
        assert isinstance(writer.nodes[0], onnx.NodeProto)
