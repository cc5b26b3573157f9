"""The registry of file formats that a style may be in.

To add one, write a file beside this one with `export`, `load` and `RELOAD`, as in
`saved_model.py`, and add its entry here.
"""

import dataclasses
import importlib
import os
import pathlib


@dataclasses.dataclass(frozen=True, kw_only=True)
class FormatSpec:
    """What is to be known of a format before a file is opened.

    Attributes:
        module: File beside this one. Its `export(generator, path)` writes a generator,
            its `load(path)` returns a function from images to stylized images, NumPy
            arrays `(B, H, W, 3)`, float32 in [0, 255], and its `RELOAD` is a program
            that checks what was written, see `parity.py`.
        suffix: With which its files end; empty for folders.
        engine: Package that runs it.
        contents: What lies in such a folder, so that nothing else is ever replaced.
        summary: What it is for, in a few words.
    """

    module: str
    suffix: str
    summary: str
    engine: str = "tensorflow"
    contents: tuple[str, ...] = ()


FORMATS = {
    "keras": FormatSpec(
        module="keras_file",
        suffix=".keras",
        summary="the generator itself, as a training writes it",
    ),
    "saved_model": FormatSpec(
        module="saved_model",
        suffix="",
        summary="for TensorFlow and TensorFlow Serving, without fast_style",
        contents=("assets", "fingerprint.pb", "saved_model.pb", "variables"),
    ),
    "onnx": FormatSpec(
        module="onnx_file",
        suffix=".onnx",
        summary="for ONNX Runtime and others, without fast_style and TensorFlow",
        engine="onnxruntime",
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


def find_format(path: str | os.PathLike) -> FormatSpec:
    """Returns the entry of the format that a file or folder is in, by its suffix.

    A file with a suffix of no format is taken as a `.keras` file, whose reader says
    what is wrong with it.
    """
    path = pathlib.Path(path)
    for spec in FORMATS.values():
        is_folder = not spec.suffix
        if path.is_dir() if is_folder else path.suffix == spec.suffix:
            return spec
    return FORMATS["keras"]
