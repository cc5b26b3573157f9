"""ONNX Runtime, on CPUs."""

import os

from fast_style.inference.formats.onnx_file import name_source
from fast_style.inference.formats.onnx_file import read_model_bytes
from fast_style.inference.signatures import check_inputs
from fast_style.inference.signatures import make_error
from fast_style.inference.signatures import make_size_check
from fast_style.inference.telemetry import import_silent
from fast_style.io.arrays import to_uint8
from fast_style.models.style_files import TrainedStyle

onnxruntime = import_silent("onnxruntime")


def load(source: TrainedStyle | str | os.PathLike, precision: str = "float32"):
    """Returns a function from images to stylized images.

    Args:
        source: A style, or an `.onnx` file, whose pixels are whole levels.
        precision: `"float32"`.

    Raises:
        ValueError: If it is not of fast_style.
    """
    del precision  # There is one.
    model, path = read_model_bytes(source), name_source(source)
    try:
        session = onnxruntime.InferenceSession(
            model, providers=["CPUExecutionProvider"]
        )
        inputs = {each.name: each.type for each in session.get_inputs()}
    # ONNX Runtime has a dozen errors of its own.
    except Exception as error:
        raise make_error(path, f"{type(error).__name__}: {error}") from error
    types = {"tensor(uint8)": "uint8", "tensor(float)": "float32"}
    dtype = check_inputs({k: types.get(v, v) for k, v in inputs.items()}, path)
    check_size = make_size_check(tuple(session.get_inputs()[0].shape), path)

    def stylize_images(images):
        check_size(images)
        images = to_uint8(images) if dtype == "uint8" else images
        (stylized,) = session.run(["stylized"], {"image": images})
        return stylized.astype("float32", copy=False)

    return stylize_images
