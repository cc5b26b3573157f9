"""OpenVINO's own format: a folder with the graph and its weights."""

import os
import pathlib

from fast_style.io.extras import check_installed
from fast_style.models.style_files import to_trained_style

MODEL_FILE = "style.xml"
# Runs in a process of its own, so that nothing of fast_style can help.
RELOAD = """
import os
import sys
import numpy as np
import openvino
model = os.path.join(sys.argv[1], "style.xml")
# Without the hint, CPUs that have bfloat16 compute in it.
compiled = openvino.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
with np.load(sys.argv[2]) as images:
    results = {n: compiled({"image": images[n]})["stylized"] for n in images.files}
if "fast_style" in sys.modules:
    raise ImportError("the export must not need fast_style")
np.savez(sys.argv[3], **results)
"""


def export(generator, path: str | os.PathLike) -> None:
    """Writes the folder that `export_style` describes, unchecked.

    Raises:
        ImportError: If openvino, or onnx, through which it goes, is not installed.
    """
    for package in ("openvino", "onnx"):
        check_installed(package, "Exporting to OpenVINO")
    import openvino

    from fast_style.inference.onnx_graph import make_onnx_model

    onnx_model = make_onnx_model(to_trained_style(generator))
    model = openvino.Core().read_model(onnx_model.SerializeToString())
    path = pathlib.Path(path)
    path.mkdir()
    openvino.save_model(model, path / MODEL_FILE, compress_to_fp16=False)
