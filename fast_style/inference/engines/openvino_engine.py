"""OpenVINO, on CPUs."""

import functools
import os
import pathlib
import threading

import numpy as np

from fast_style.inference.formats.onnx_file import name_source
from fast_style.inference.formats.onnx_file import read_model_bytes
from fast_style.inference.formats.openvino_folder import MODEL_FILE
from fast_style.inference.signatures import check_inputs
from fast_style.inference.signatures import make_error
from fast_style.inference.signatures import make_size_check
from fast_style.inference.telemetry import import_silent
from fast_style.io.arrays import to_uint8
from fast_style.models.style_files import TrainedStyle

openvino = import_silent("openvino")

_DEVICE = "CPU"
# Kernels for sizes of pictures that it keeps, of which a size needs some dozens. With
# its own limit, 5000, thousands of sizes take 600 MB and save some milliseconds each.
_NUM_KERNELS = "200"
_HINTS = {"float32": "f32", "bfloat16": "bf16"}


def load(source: TrainedStyle | str | os.PathLike, precision: str = "float32"):
    """Returns a function from images to stylized images.

    Args:
        source: A style; or the folder of an export to OpenVINO or an `.onnx` file,
            whose pixels are whole levels.
        precision: `"bfloat16"` computes in 16 bits, where the CPU can. OpenVINO would
            do so by itself.

    Raises:
        ValueError: If it is not of fast_style, or the CPU has no bfloat16.
    """
    path, core = pathlib.Path(name_source(source)), _get_core()
    if precision == "bfloat16":
        _check_bfloat16(core)
    try:
        if not isinstance(source, TrainedStyle) and path.is_dir():
            model = core.read_model(path / MODEL_FILE)
        else:
            model = core.read_model(read_model_bytes(source))
        inputs = {x.any_name: x.element_type.to_dtype().name for x in model.inputs}
    except RuntimeError as error:
        raise make_error(path, f"{type(error).__name__}: {error}") from error
    dtype = check_inputs(inputs, path)
    shape = [d.get_length() if d.is_static else -1 for d in model.input().partial_shape]
    check_size = make_size_check(tuple(shape), path)
    hints = {"INFERENCE_PRECISION_HINT": _HINTS[precision]}
    hints |= {"PERFORMANCE_HINT": "LATENCY", "CPU_RUNTIME_CACHE_CAPACITY": _NUM_KERNELS}
    compiled = core.compile_model(model, _DEVICE, hints)
    local = threading.local()  # A request serves one thread at a time.

    def stylize_images(images):
        check_size(images)
        if not hasattr(local, "request"):
            local.request = compiled.create_infer_request()
        images = to_uint8(images) if dtype == "uint8" else images
        _infer(local.request, np.ascontiguousarray(images))
        stylized = local.request.get_output_tensor().data
        if stylized.shape != images.shape:
            # Under `ulimit -v` it has been seen to end without an error, and a picture.
            raise MemoryError("OpenVINO had too little memory, and gave no picture.")
        return stylized.astype("float32")  # A copy: the next picture overwrites it.

    return stylize_images


def _infer(request, images):
    try:
        request.infer({"image": images}, share_inputs=True)
    except RuntimeError as error:
        # OpenVINO has no kind of error of its own for it.
        if "Failed to allocate" not in str(error):
            raise
        last_line = str(error).strip().splitlines()[-1]
        raise MemoryError(f"OpenVINO had too little memory: {last_line}") from error


@functools.cache
def _get_core():
    # One for all styles, and never deleted: each gives the thread a stack for signals,
    # and when they are deleted in another order than they were made, that of a deleted
    # one stays, and the next signal, such as Ctrl-C, ends the process (2026.4).
    return openvino.Core()


def _check_bfloat16(core):
    able = core.get_property(_DEVICE, "OPTIMIZATION_CAPABILITIES")
    if "BF16" not in able:
        raise ValueError(
            "precision='bfloat16' needs a CPU that computes in bfloat16 (AVX-512 "
            f"BF16 or AMX). This one has: {', '.join(sorted(able))}"
        )
