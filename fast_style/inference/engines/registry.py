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
        native_precision: What "auto" takes where the processor computes in it: it is
            faster, and pictures of photos differ by less than a level on average, with
            40 dB or more, as a test of the bundled styles says. None: the default.
        most_pixels: Of one picture. Engines add up the numbers of a channel in 32
            bits, and the more there are the more digits are lost. Up to this size
            pictures were seen to be off by less than a level in float32
            (`benchmarks/sizes.py`). None: any number.
        wrong_pixels: Above so many pixels are another colour altogether. None: none
            were seen.
    """

    module: str
    packages: tuple[str, ...]
    converter_packages: tuple[str, ...] = ()
    formats: tuple[str, ...]
    precisions: tuple[str, ...] = ("float32",)
    native_precision: str | None = None
    most_pixels: int | None = None
    wrong_pixels: int | None = None


# The fastest first, by `benchmarks/inference.py`: in this order "auto" takes them.
ENGINES = {
    "openvino": EngineSpec(
        module="openvino_engine",
        packages=("openvino",),
        converter_packages=("onnx",),
        formats=("keras", "onnx", "openvino"),
        precisions=("float32", "bfloat16"),
        native_precision="bfloat16",
        most_pixels=6_000_000,
        wrong_pixels=10_900_000,
    ),
    "onnxruntime": EngineSpec(
        module="onnxruntime_engine",
        packages=("onnxruntime",),
        converter_packages=("onnx",),
        formats=("keras", "onnx"),
        most_pixels=12_000_000,
    ),
    "litert": EngineSpec(
        module="litert_engine",
        packages=("ai_edge_litert",),
        converter_packages=("tensorflow",),
        formats=("keras", "litert"),
        precisions=("float32", "int8"),
        most_pixels=4_000_000,
    ),
    "tensorflow": EngineSpec(
        module="tensorflow_engine",
        packages=("tensorflow",),
        formats=("keras", "saved_model"),
        precisions=("float32", "bfloat16"),
        most_pixels=6_000_000,
    ),
}
