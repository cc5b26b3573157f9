"""TensorFlow: a graph of our own, or a SavedModel."""

import os
import pathlib

from fast_style.inference.formats import saved_model
from fast_style.inference.tensorflow_graph import make_array_function
from fast_style.models.style_files import read_style


def load(path: str | os.PathLike, precision: str = "float32"):
    """Returns a function from images to stylized images.

    Args:
        path: `.keras` file, or folder of a SavedModel, which computes as it was
            exported.
        precision: `"bfloat16"` keeps activations in 16 bits, and normalizes in 32.

    Raises:
        ValueError: If it is not of fast_style.
    """
    if pathlib.Path(path).is_dir():
        return saved_model.load(path)
    return make_array_function(read_style(path), dtype=precision)
