"""The registry of engines that stylize.

To add one, write a file beside this one with `load`, as in `onnxruntime_engine.py`,
and add its entry here.
"""

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class EngineSpec:
    """What is to be known of an engine before it is imported.

    Attributes:
        module: File beside this one. Its `load(path, precision)` returns a function
            from images to stylized images, NumPy arrays `(B, H, W, 3)`, float32 in
            [0, 255], that threads may call at once.
        packages: What it needs, beside NumPy.
        converter_packages: What it needs beside those for a `.keras` file.
        formats: Names of the formats that it runs.
        precisions: In which it computes, the default first.
        most_pixels: Of one picture, as measured by `benchmarks/sizes.py`; a larger one
            it stylizes wrongly. None: none was found.
    """

    module: str
    packages: tuple[str, ...]
    converter_packages: tuple[str, ...] = ()
    formats: tuple[str, ...]
    precisions: tuple[str, ...] = ("float32",)
    most_pixels: int | None = None


# The fastest first, by `benchmarks/inference.py`: in this order "auto" takes them.
ENGINES = {
    "openvino": EngineSpec(
        module="openvino_engine",
        packages=("openvino",),
        converter_packages=("onnx",),
        formats=("keras", "onnx", "openvino"),
        precisions=("float32", "bfloat16"),
        # It adds the millions of numbers of a channel up in 32 bits.
        most_pixels=4_000_000,
    ),
    "onnxruntime": EngineSpec(
        module="onnxruntime_engine",
        packages=("onnxruntime",),
        converter_packages=("onnx",),
        formats=("keras", "onnx"),
    ),
    "litert": EngineSpec(
        module="litert_engine",
        packages=("ai_edge_litert",),
        converter_packages=("tensorflow",),
        formats=("keras", "litert"),
        precisions=("float32", "int8"),
    ),
    "tensorflow": EngineSpec(
        module="tensorflow_engine",
        packages=("tensorflow",),
        formats=("keras", "saved_model"),
        precisions=("float32", "bfloat16"),
    ),
}
