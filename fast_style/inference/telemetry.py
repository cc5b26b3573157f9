"""Imports OpenVINO and ONNX Runtime so that they report nothing to their makers.

Left alone, `import openvino` writes `~/intel/openvino_ga_cid`, starts a process and
asks a host of Google Analytics; ONNX Runtime from 1.32 on writes an identifier of the
device below `~/.cache`, and asks a host of Microsoft.
"""

import importlib
import os
import sys
import threading

_OPENVINO = "openvino_telemetry"
_ONNXRUNTIME = "ORT_DISABLE_TELEMETRY"
_LOCK = threading.Lock()


def import_silent(name: str):
    """Imports a module of OpenVINO or ONNX Runtime, in which reports are switched off.

    A package that was imported before stays as it is: whoever did so has decided.

    Args:
        name: Such as `"openvino"` or `"onnxruntime.quantization"`.

    Returns:
        The module.

    Raises:
        ImportError: If it is not installed.
    """
    # It is read as ONNX Runtime is imported. Processes that we start inherit it.
    os.environ.setdefault(_ONNXRUNTIME, "1")
    with _LOCK:
        others = {
            each: module
            for each, module in sys.modules.items()
            if each == _OPENVINO or each.startswith(f"{_OPENVINO}.")
        }
        # OpenVINO does without it, if it cannot be imported.
        sys.modules[_OPENVINO] = None
        try:
            return importlib.import_module(name)
        finally:
            del sys.modules[_OPENVINO]
            sys.modules.update(others)
