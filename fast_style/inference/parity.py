"""Compares the pictures of an export with those of the Keras model."""

import json
import os
import pathlib
import subprocess
import sys

import keras
import numpy as np
import tensorflow as tf

from fast_style.inference.formats.saved_model import RELOAD
from fast_style.io.arrays import to_uint8

PARITY_FILE = "parity.json"
# Rounding to bytes may go either way; more than that is another picture.
_MAX_DIFFERENCE = 1
_PARITY_SHAPES = ((1, 1, 1, 3), (1, 64, 64, 3), (3, 33, 47, 3), (1, 338, 641, 3))


def compare_in_new_process(
    generator: keras.Model, saved_model: pathlib.Path, folder: pathlib.Path
) -> int:
    """Compares the pictures of a SavedModel with those of its generator.

    Args:
        generator: What was exported.
        saved_model: The export; gets `parity.json`.
        folder: For files that are needed meanwhile.

    Returns:
        The largest difference, in levels of 0 to 255.

    Raises:
        RuntimeError: If the SavedModel cannot be loaded without fast_style, or gives
            other pictures.
    """
    rng = np.random.default_rng(0)
    images = {
        "x".join(map(str, shape)): rng.integers(0, 256, shape, "uint8")
        for shape in _PARITY_SHAPES
    }
    asked, answered = folder / "asked.npz", folder / "answered.npz"
    np.savez(asked, **images)
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1"}
    process = subprocess.run(
        [sys.executable, "-c", RELOAD, saved_model, asked, answered],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode:
        raise RuntimeError(
            f"The SavedModel could not be loaded again:\n{process.stderr[-2000:]}"
        )
    differences = {}
    with np.load(answered) as results:
        for name, image in images.items():
            # A GPU rounds otherwise, by more than the check allows.
            with tf.device("CPU:0"):
                expected = to_uint8(np.asarray(generator(image.astype("float32"))))
            for key in (name, f"bytes_{name}"):
                difference = np.abs(results[key].astype(int) - expected.astype(int))
                differences[key] = int(difference.max())
    largest = max(differences.values())
    if largest > _MAX_DIFFERENCE:
        raise RuntimeError(
            "The SavedModel must give the pictures of the Keras model. Largest "
            f"difference in levels of 0 to 255: {differences}"
        )
    report = {"max_difference": largest, "levels_of_255": differences}
    text = json.dumps(report, indent=2) + "\n"
    (saved_model / PARITY_FILE).write_text(text)
    return largest
