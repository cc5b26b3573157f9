"""The `.keras` file of a generator, which a training writes."""

import os

import keras

from fast_style.models.saving import save_generator

# For `parity.py`. A `.keras` file is read by fast_style itself.
RELOAD = """
import sys
import numpy as np
from fast_style.inference.stylizer import load_style
stylize = load_style(sys.argv[1], engine="tensorflow")
with np.load(sys.argv[2]) as images:
    results = {name: stylize(images[name]) for name in images.files}
np.savez(sys.argv[3], **results)
"""


def export(generator: keras.Model, path: str | os.PathLike, options) -> None:
    """Writes a generator as a `.keras` file."""
    del options  # It is of one precision, and of any size.
    save_generator(generator, path)
