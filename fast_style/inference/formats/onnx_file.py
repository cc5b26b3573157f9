"""ONNX files: weights as constants, any batch, height and width, pixels of 8 bits."""

import os
import pathlib

from fast_style.io.extras import check_installed
from fast_style.models.style_files import read_style
from fast_style.models.style_files import to_trained_style

# Runs in a process of its own, so that nothing of fast_style can help.
RELOAD = """
import sys
import numpy as np
import onnxruntime
session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
with np.load(sys.argv[2]) as images:
    results = {n: session.run(None, {"image": images[n]})[0] for n in images.files}
if "fast_style" in sys.modules:
    raise ImportError("the ONNX file must not need fast_style")
np.savez(sys.argv[3], **results)
"""


def export(generator, path: str | os.PathLike, options) -> None:
    """Writes the ONNX file that `export_style` describes, unchecked.

    Raises:
        ImportError: If onnx, or onnxruntime, which checks the file, is not installed.
    """
    for package in ("onnx", "onnxruntime"):
        check_installed(package, "Exporting to ONNX")
    model = make_model(generator, options)
    pathlib.Path(path).write_bytes(model.SerializeToString())


def make_model(generator, options, *, has_exact_outputs: bool = False):
    """Makes the ONNX model of an export, which OpenVINO reads too.

    Args:
        generator: Of Keras.
        options: An `ExportOptions`.
        has_exact_outputs: As in `quantize`.
    """
    from fast_style.inference.onnx_graph import make_onnx_model

    precision = options.precision
    model = make_onnx_model(
        to_trained_style(generator),
        precision="float32" if precision == "int8" else precision,
        size=options.size,
        metadata=options.metadata,
    )
    if precision == "int8":
        from fast_style.inference.quantizing import quantize

        model = quantize(model, options.photos, has_exact_outputs=has_exact_outputs)
    return model


def read_model_bytes(path: str | os.PathLike) -> bytes:
    """Returns an ONNX model for engines that read one.

    Args:
        path: `.onnx` file, which is read, or `.keras` file, which is converted, with
            float32 pixels.

    Raises:
        ValueError: If it is a `.keras` file of something else.
    """
    path = pathlib.Path(path)
    if path.suffix == ".onnx":
        # From memory, so that the file cannot name others that are read with it.
        return path.read_bytes()
    from fast_style.inference.onnx_graph import make_onnx_model

    model = make_onnx_model(read_style(path), is_rounded=False)
    return model.SerializeToString()
