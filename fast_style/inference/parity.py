"""Compares the pictures of an export with those of the Keras model."""

import json
import os
import pathlib
import subprocess
import sys

import keras
import numpy as np
import tensorflow as tf

from fast_style.io.arrays import to_uint8

PARITY_FILE = "parity.json"
# Rounding to bytes may go either way; more than that is another picture.
_MAX_DIFFERENCE = 1
_PARITY_SHAPES = ((1, 1, 1, 3), (1, 64, 64, 3), (3, 33, 47, 3), (1, 338, 641, 3))


def compare_in_new_process(
    generator: keras.Model,
    export: pathlib.Path,
    folder: pathlib.Path,
    program: str,
) -> int:
    """Compares the pictures of an export with those of its generator.

    Args:
        generator: What was exported.
        export: File or folder; a folder gets `parity.json`.
        folder: For files that are needed meanwhile.
        program: Python code that loads the export, `sys.argv[1]`, reads arrays of
            images, uint8 `(B, H, W, 3)`, from the `.npz` file `sys.argv[2]`, and
            writes the stylized ones to `sys.argv[3]` under the same names, and under
            names with a prefix and `_` before for further ways to ask.

    Returns:
        The largest difference, in levels of 0 to 255.

    Raises:
        RuntimeError: If the export cannot be loaded, or gives other pictures.
    """
    answered = _ask(export, folder, program)
    differences = _compare(generator, answered)
    largest = max(differences.values())
    if largest > _MAX_DIFFERENCE:
        raise RuntimeError(
            "The export must give the pictures of the Keras model. Largest "
            f"difference in levels of 0 to 255: {differences}"
        )
    report = {"max_difference": largest, "levels_of_255": differences}
    if export.is_dir():
        text = json.dumps(report, indent=2) + "\n"
        (export / PARITY_FILE).write_text(text)
    return largest


def _make_images():
    rng = np.random.default_rng(0)
    return {
        "x".join(map(str, shape)): rng.integers(0, 256, shape, "uint8")
        for shape in _PARITY_SHAPES
    }


def _ask(export, folder, program):
    asked, answered = folder / "asked.npz", folder / "answered.npz"
    np.savez(asked, **_make_images())
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1"}
    process = subprocess.run(
        [sys.executable, "-c", program, export, asked, answered],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode:
        raise RuntimeError(
            f"The export could not be loaded again:\n{process.stderr[-2000:]}"
        )
    return answered


def _compare(generator, answered):
    differences = {}
    with np.load(answered) as results:
        for name, image in _make_images().items():
            # A GPU rounds otherwise, by more than the check allows.
            with tf.device("CPU:0"):
                expected = to_uint8(np.asarray(generator(image.astype("float32"))))
            others = [key for key in results.files if key.endswith(f"_{name}")]
            for key in (name, *others):
                difference = np.abs(results[key].astype(int) - expected.astype(int))
                differences[key] = int(difference.max())
    return differences
