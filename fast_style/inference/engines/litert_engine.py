"""LiteRT (TensorFlow Lite), on CPUs, with XNNPACK."""

import os
import pathlib
import threading

from ai_edge_litert.interpreter import Interpreter

from fast_style.inference.conversions import convert_once
from fast_style.inference.forks import check_tensorflow
from fast_style.inference.signatures import check_inputs
from fast_style.inference.signatures import make_error
from fast_style.inference.signatures import make_size_check
from fast_style.io.cores import count_cores
from fast_style.models.style_files import TrainedStyle


def load(source: TrainedStyle | str | os.PathLike, precision: str = "float32"):
    """Returns a function from images to stylized images.

    Args:
        source: `.tflite` file, which computes as it was exported, or a style, which is
            converted once, by TensorFlow, and kept.
        precision: `"int8"` computes the convolutions of a style in 8 bits.

    Raises:
        ValueError: If it is not of fast_style.
    """
    if isinstance(source, TrainedStyle):
        path, model = source.name, _convert(source, precision)
    else:
        path, model = source, pathlib.Path(source).read_bytes()
    try:
        interpreter = Interpreter(model_content=model, num_threads=count_cores())
        interpreter.allocate_tensors()  # What cannot be run is found now.
        (given,), (taken,) = (
            interpreter.get_input_details(),
            interpreter.get_output_details(),
        )
    # Files of others fail in many ways, and have other inputs.
    except (ValueError, RuntimeError) as error:
        raise make_error(path, f"{type(error).__name__}: {error}") from error
    signature = interpreter.get_signature_list().get("serving_default", {})
    names = signature.get("inputs", [given["name"]])
    check_inputs({name: given["dtype"].__name__ for name in names}, path)
    check_size = make_size_check(tuple(given["shape_signature"].tolist()), path)
    lock = threading.Lock()  # It has one picture at a time in its memory.

    def stylize_images(images):
        check_size(images)
        with lock:
            if tuple(interpreter.get_input_details()[0]["shape"]) != images.shape:
                interpreter.resize_tensor_input(given["index"], images.shape)
            interpreter.allocate_tensors()
            interpreter.set_tensor(given["index"], images)
            interpreter.invoke()
            return interpreter.get_tensor(taken["index"])

    return stylize_images


def _convert(style, precision):
    def convert():
        check_tensorflow()
        from fast_style.inference.litert_graph import make_litert_model

        return make_litert_model(style, precision=precision)

    packages = ("fast_style", "tensorflow")
    return convert_once(style, convert, kind=f"{precision}.tflite", packages=packages)
