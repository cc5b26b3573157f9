"""The `.keras` file of a generator, which a training writes."""

import os

import keras

from fast_style.inference.freezing import freeze
from fast_style.models.saving import load_generator
from fast_style.models.saving import save_generator


def export(generator: keras.Model, path: str | os.PathLike) -> None:
    """Writes a generator as a `.keras` file."""
    save_generator(generator, path)


def load(path: str | os.PathLike):
    """Returns a function from images to stylized images, as `freeze` does.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is not a `.keras` file of a generator.
    """
    return freeze(load_generator(path))
