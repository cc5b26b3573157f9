"""The registry of file formats that a style may be in.

To add one, write a file beside this one with `export` and `RELOAD`, as in
`saved_model.py`, and add its entry here. What runs it is in `engines/registry.py`.
"""

import dataclasses
import importlib
import os
import pathlib


@dataclasses.dataclass(frozen=True, kw_only=True)
class FormatSpec:
    """What is to be known of a format before a file is opened.

    Attributes:
        module: File beside this one. Its `export(generator, path, options)` writes a
            generator, with `ExportOptions`, and its `RELOAD` is a program that checks
            what was written, see `parity.py`.
        suffix: With which its files end; empty for folders.
        contents: What lies in such a folder, so that nothing else is ever replaced.
            By the first of them it is known.
        summary: What it is for, in a few words.
        precisions: In which it can be written.
        calibrated: Of these, the ones that need photos.
        has_sizes: Whether it can be written for one size of pictures.
    """

    module: str
    suffix: str
    summary: str
    contents: tuple[str, ...] = ()
    precisions: tuple[str, ...] = ("float32",)
    calibrated: tuple[str, ...] = ()
    has_sizes: bool = True


FORMATS = {
    "keras": FormatSpec(
        module="keras_file",
        suffix=".keras",
        summary="the generator itself, as a training writes it",
        has_sizes=False,
    ),
    "saved_model": FormatSpec(
        module="saved_model",
        suffix="",
        summary="for TensorFlow and TensorFlow Serving, without fast_style",
        contents=("saved_model.pb", "assets", "fingerprint.pb", "variables"),
        precisions=("float32", "float16", "bfloat16"),
    ),
    "onnx": FormatSpec(
        module="onnx_file",
        suffix=".onnx",
        summary="for ONNX Runtime and others, without fast_style and TensorFlow",
        precisions=("float32", "float16", "int8"),
        calibrated=("int8",),
    ),
    "openvino": FormatSpec(
        module="openvino_folder",
        suffix="",
        summary="for OpenVINO, without fast_style and TensorFlow",
        contents=("style.xml", "style.bin"),
        precisions=("float32", "float16", "int8"),
        calibrated=("int8",),
    ),
    "litert": FormatSpec(
        module="litert_file",
        suffix=".tflite",
        summary="for LiteRT (TensorFlow Lite), on phones and small boards",
        precisions=("float32", "float16", "int8"),
    ),
}


def get_format(name: str) -> FormatSpec:
    """Returns the entry of a format.

    Raises:
        ValueError: If there is none of this name.
    """
    if name not in FORMATS:
        raise ValueError(
            f"`format` must be one of {', '.join(FORMATS)}. Received: format={name!r}"
        )
    return FORMATS[name]


def load_module(spec: FormatSpec):
    """Imports the file of a format."""
    return importlib.import_module(f"fast_style.inference.formats.{spec.module}")


def name_format(path: str | os.PathLike) -> str:
    """Returns the name of the format that a file or folder is in.

    A file with a suffix of no format is taken as a `.keras` file, whose reader says
    what is wrong with it.
    """
    path = pathlib.Path(path)
    for name, spec in FORMATS.items():
        if spec.suffix:
            is_it = path.suffix == spec.suffix and not path.is_dir()
        else:
            is_it = (path / spec.contents[0]).is_file()
        if is_it:
            return name
    return "keras"
