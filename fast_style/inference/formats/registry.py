"""The registry of file formats that a style may be in.

To add one, write a file beside this one with the functions `export` and `load`, as in
`saved_model.py`, and add its entry here.
"""

import dataclasses
import os
import pathlib


@dataclasses.dataclass(frozen=True, kw_only=True)
class FormatSpec:
    """What is to be known of a format before a file is opened.

    Attributes:
        module: File beside this one. Its `export(generator, path)` writes a generator,
            its `load(path)` returns a function from images to stylized images.
        suffix: With which its files end; empty for folders.
        summary: What it is for, in a few words.
    """

    module: str
    suffix: str
    summary: str


FORMATS = {
    "keras": FormatSpec(
        module="keras_file",
        suffix=".keras",
        summary="what a training writes; can be trained on",
    ),
    "saved_model": FormatSpec(
        module="saved_model",
        suffix="",
        summary="for TensorFlow and TensorFlow Serving, without fast_style",
    ),
}


def find_format(path: str | os.PathLike) -> FormatSpec:
    """Returns the entry of the format that a file or folder is in, by its suffix.

    A file with a suffix of no format is taken as a `.keras` file, whose reader says
    what is wrong with it.
    """
    path = pathlib.Path(path)
    suffix = "" if path.is_dir() else path.suffix
    for spec in FORMATS.values():
        if spec.suffix == suffix:
            return spec
    return FORMATS["keras"]
