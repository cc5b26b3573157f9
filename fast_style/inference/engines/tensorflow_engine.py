"""TensorFlow: a graph of our own, or a SavedModel."""

import os

from fast_style.inference.forks import check_tensorflow
from fast_style.inference.formats import saved_model
from fast_style.inference.tensorflow_graph import make_array_function
from fast_style.models.style_files import TrainedStyle


def load(source: TrainedStyle | str | os.PathLike, precision: str = "float32"):
    """Returns a function from images to stylized images.

    Args:
        source: A style, or the folder of a SavedModel, which computes as it was
            exported.
        precision: `"bfloat16"` keeps activations in 16 bits, and normalizes in 32.

    Raises:
        RuntimeError: If the process was forked when TensorFlow had begun.
        ValueError: If it is not of fast_style.
    """
    check_tensorflow()
    if isinstance(source, TrainedStyle):
        return make_array_function(source, dtype=precision)
    return saved_model.load(source)
