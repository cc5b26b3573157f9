"""ONNX files: weights as constants, any batch, height and width, pixels of 8 bits."""

import os
import pathlib

from fast_style.io.arrays import to_uint8
from fast_style.io.extras import check_installed
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


def export(generator, path: str | os.PathLike) -> None:
    """Writes the ONNX file that `export_style` describes, unchecked.

    Raises:
        ImportError: If onnx, or onnxruntime, which checks the file, is not installed.
    """
    for package in ("onnx", "onnxruntime"):
        check_installed(package, "Exporting to ONNX")
    from fast_style.inference.onnx_graph import make_onnx_model

    style = to_trained_style(generator)
    model = make_onnx_model(style, metadata={"pixels": "RGB, 0 to 255"})
    pathlib.Path(path).write_bytes(model.SerializeToString())


def load(path: str | os.PathLike):
    """Returns a function from images to stylized images, rounded to whole levels.

    Needs neither TensorFlow nor Keras.

    Raises:
        ImportError: If onnxruntime is not installed.
        ValueError: If it is not an ONNX file that fast_style exported.
    """
    check_installed("onnxruntime", "An ONNX file")
    import onnxruntime

    try:
        # From memory, so that the file cannot name others that are read with it.
        session = onnxruntime.InferenceSession(
            pathlib.Path(path).read_bytes(), providers=["CPUExecutionProvider"]
        )
        inputs = {each.name: each.type for each in session.get_inputs()}
    # ONNX Runtime has a dozen errors of its own.
    except Exception as error:
        raise _make_error(path, f"{type(error).__name__}: {error}") from error
    if inputs != {"image": "tensor(uint8)"}:
        raise _make_error(path, f"its inputs are {inputs}")

    def stylize_images(images):
        (stylized,) = session.run(["stylized"], {"image": to_uint8(images)})
        return stylized.astype("float32")

    return stylize_images


def _make_error(path, reason):
    return ValueError(
        "Expected an ONNX file that fast_style exported, with one input, `image`, "
        f"uint8 (B, H, W, 3). Received: {os.fspath(path)!r} ({reason})."
    )
