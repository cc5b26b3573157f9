"""OpenVINO's own format: a folder with the graph and its weights."""

import os
import pathlib

from fast_style.inference.formats.onnx_file import make_model
from fast_style.inference.reloading import READ_CASES
from fast_style.inference.telemetry import import_silent
from fast_style.io.extras import check_installed

MODEL_FILE = "style.xml"
RELOAD = f"""{READ_CASES}
import openvino
model = os.path.join(sys.argv[1], "style.xml")
# Without the hint, CPUs that have bfloat16 compute in it.
hints = {{"INFERENCE_PRECISION_HINT": "f32"}}
compiled = openvino.compile_model(model, "CPU", hints)
results = {{name: compiled(case)["stylized"] for name, case in cases.items()}}
if "fast_style" in sys.modules:
    raise ImportError("the export must not need fast_style")
np.savez(sys.argv[3], **results)
"""


def export(generator, path: str | os.PathLike, options) -> None:
    """Writes the folder that `export_style` describes, unchecked.

    Raises:
        ImportError: If openvino, or onnx, through which it goes, is not installed.
    """
    packages = ["openvino", "onnx"]
    packages += ["onnxruntime"] if options.precision == "int8" else []
    for package in packages:
        check_installed(package, "Exporting to OpenVINO")
    openvino = import_silent("openvino")
    onnx_model = make_model(generator, options, has_exact_outputs=True)
    model = openvino.Core().read_model(onnx_model.SerializeToString())
    for key, text in options.metadata.items():
        model.set_rt_info(text, ["fast_style", key])
    path = pathlib.Path(path)
    path.mkdir()
    is_half = options.precision == "float16"
    openvino.save_model(model, path / MODEL_FILE, compress_to_fp16=is_half)
