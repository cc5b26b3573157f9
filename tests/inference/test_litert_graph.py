import json

from ai_edge_litert.interpreter import Interpreter
import numpy as np
import pytest
from tensorflow.lite.tools import flatbuffer_utils

from fast_style.inference.litert_graph import LiteRtOperators
from fast_style.inference.litert_graph import make_litert_model
from fast_style.models.style_files import to_trained_style


def run(model, images):
    return Interpreter(model_content=model).get_signature_runner()(image=images)[
        "stylized"
    ]


@pytest.fixture(scope="module")
def model(any_generator):
    return make_litert_model(to_trained_style(any_generator))


@pytest.mark.parametrize(
    "shape", [(1, 1, 1), (1, 1, 7), (2, 3, 50), (1, 17, 64), (3, 33, 47)]
)
def test_gives_the_pixels_of_keras(any_generator, model, rng, shape):
    images = rng.uniform(0, 255, (*shape, 3)).astype("float32")

    stylized = run(model, images)

    np.testing.assert_allclose(stylized, any_generator(images), atol=0.05)


@pytest.mark.parametrize("size", [(30, 21), (5, 1)])
def test_of_one_size_all_of_it_is_computed_by_xnnpack(wide_generator, rng, size):
    images = rng.uniform(0, 255, (1, *size, 3)).astype("float32")
    model = make_litert_model(to_trained_style(wide_generator), size=size)

    interpreter = Interpreter(model_content=model)
    interpreter.allocate_tensors()

    operators = interpreter._get_ops_details()
    (delegate,) = [each for each in operators if each["op_name"] == "DELEGATE"]
    made = {tensor for each in operators for tensor in each["outputs"]}
    # Nothing that another operator makes comes in, and the picture comes out.
    assert not made & set(delegate["inputs"])
    (output,) = interpreter.get_output_details()
    assert output["index"] in delegate["outputs"]
    np.testing.assert_allclose(run(model, images), wide_generator(images), atol=0.05)


def test_all_operators_are_built_in(model):
    parsed = flatbuffer_utils.read_model_from_bytearray(bytearray(model))

    assert not [code.customCode for code in parsed.operatorCodes if code.customCode]
    assert len(parsed.subgraphs) == 1


@pytest.mark.parametrize(
    ("precision", "share", "error"), [("float16", 0.7, 0.5), ("int8", 0.5, 10.0)]
)
def test_smaller_files_give_nearly_the_same(
    wide_generator, rng, precision, share, error
):
    style = to_trained_style(wide_generator)
    images = rng.uniform(0, 255, (1, 64, 64, 3)).astype("float32")
    whole = make_litert_model(style)

    small = make_litert_model(style, precision=precision)

    assert len(small) < share * len(whole)
    difference = np.abs(run(small, images) - run(whole, images))
    assert 0 < difference.mean() < error


def test_metadata_is_in_the_file(wide_generator):
    metadata = {"style": "mine", "license": "CC0"}

    model = make_litert_model(to_trained_style(wide_generator), metadata=metadata)

    parsed = flatbuffer_utils.read_model_from_bytearray(bytearray(model))
    (entry,) = [each for each in parsed.metadata if each.name == b"fast_style"]
    assert json.loads(bytes(parsed.buffers[entry.buffer].data)) == metadata
    assert Interpreter(model_content=model).get_signature_list()


@pytest.mark.parametrize(("mode", "padding"), [("reflect", 4), ("edge", 1)])
def test_pads_as_numpy_does(rng, mode, padding):
    x = rng.normal(size=(2, 6, 7, 3))

    padded = LiteRtOperators().pad(x, padding, mode)

    sides = ((0, 0), (padding, padding), (padding, padding), (0, 0))
    np.testing.assert_array_equal(padded, np.pad(x, sides, mode))
