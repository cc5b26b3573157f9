"""Compares the pictures of an export with those of the Keras model."""

import os
import pathlib
import subprocess
import sys

import keras
import numpy as np
import tensorflow as tf

from fast_style import samples
from fast_style.inference.export_options import load_photos
from fast_style.inference.parity_choices import make_choices
from fast_style.inference.parity_choices import paint
from fast_style.inference.parity_report import Parity
from fast_style.io.arrays import to_uint8

# Rounding to bytes may go either way; more than that is another picture.
_MAX_DIFFERENCE = 1
# Of real photos, in decibels, in the precisions that are not exact: 33 dB is an error
# of 6 levels, which is not seen in strokes; the bundled single styles have 36 or more
# in int8, 46 in bfloat16 and 58 in float16.
_MIN_PSNR = {"float16": 50.0, "bfloat16": 38.0, "int8": 33.0}
# But a small area of another colour is seen, which hardly changes them. So of each
# photo at most one pixel in a thousand may be off by more.
_FAR = {"float16": 8, "bfloat16": 32, "int8": 40}
_MOST_FAR = 0.001
_ADVICE = {"int8": ". Other or more photos for the calibration give other ranges."}
_NOISE_SHAPES = ((1, 1, 1, 3), (1, 64, 64, 3), (3, 33, 47, 3), (1, 338, 641, 3))


def compare_in_new_process(
    generator: keras.Model,
    export: pathlib.Path,
    folder: pathlib.Path,
    program: str,
    *,
    precision: str = "float32",
    size: tuple[int, int] | None = None,
) -> Parity:
    """Compares the pictures of an export with those of its generator.

    Args:
        generator: What was exported.
        export: File or folder.
        folder: For files that are needed meanwhile.
        program: Python code that loads the export, `sys.argv[1]`, reads arrays of
            images, uint8 `(B, H, W, 3)`, from the `.npz` file `sys.argv[2]`, and
            writes the stylized ones to `sys.argv[3]` under the same names, and under
            names with a prefix and `_` before for further ways to ask. Further inputs
            of an image have its name, `|` and their own.
        precision: In which it was exported, on which the bound depends.
        size: `(H, W)`, if it takes one size only.

    Returns:
        The differences.

    Raises:
        RuntimeError: If the export cannot be loaded, or gives other pictures.
    """
    images = make_images(size)
    choices = make_choices(generator, images)
    answered = _ask({**images, **choices}, export, folder, program)
    differences = _compare(generator, images, choices, answered)
    parity = _summarize(differences)
    _check(parity, precision)
    return parity


def make_images(size: tuple[int, int] | None = None) -> dict[str, np.ndarray]:
    """Makes the images of a comparison: real photos, and noise of several sizes.

    Args:
        size: `(H, W)` of all of them, one in a batch; None: several.

    Returns:
        Dict from names, `photo` first in those of photos, to uint8 `(B, H, W, 3)`.
    """
    rng = np.random.default_rng(0)
    photos = load_photos(samples.PHOTOS, size)
    images = {f"photo {number}": photo for number, photo in enumerate(photos, start=1)}
    for shape in [(1, *size, 3)] if size else _NOISE_SHAPES:
        name = f"noise {'x'.join(map(str, shape))}"
        images[name] = rng.integers(0, 256, shape, "uint8")
    return images


def _ask(images, export, folder, program):
    asked, answered = folder / "asked.npz", folder / "answered.npz"
    np.savez(asked, **images)
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


def _compare(generator, images, choices, answered):
    differences = {}
    with np.load(answered) as results:
        for name, image in images.items():
            choice = {
                key.partition("|")[2]: array
                for key, array in choices.items()
                if key.startswith(f"{name}|")
            }
            # A GPU rounds otherwise, by more than the check allows.
            with tf.device("CPU:0"):
                painted = paint(generator, image.astype("float32"), **choice)
            expected = to_uint8(np.asarray(painted))
            others = [key for key in results.files if key.endswith(f"_{name}")]
            for key in (name, *others):
                differences[key] = _measure(results[key], expected)
    return differences


def _measure(stylized, expected):
    if stylized.shape != expected.shape or stylized.dtype != expected.dtype:
        raise RuntimeError(
            "The export must give pictures of their size, uint8. Expected: "
            f"{expected.shape}. Received: {stylized.shape}, {stylized.dtype}"
        )
    difference = np.abs(stylized.astype("float64") - expected)
    error = np.mean(difference**2)
    pixels = difference.max(axis=-1)
    return {
        "max_difference": int(difference.max()),
        "most_differ_by": int(np.quantile(pixels, 1 - _MOST_FAR, method="lower")),
        "mean_difference": float(difference.mean()),
        "psnr": float(10 * np.log10(255**2 / error)) if error else float("inf"),
    }


def _summarize(differences):
    photos = [each for name, each in differences.items() if "photo" in name]
    return Parity(
        max_difference=max(each["max_difference"] for each in differences.values()),
        most_differ_by=max(each["most_differ_by"] for each in photos),
        mean_difference=max(each["mean_difference"] for each in photos),
        psnr=min(each["psnr"] for each in photos),
        images=differences,
    )


def _check(parity, precision):
    if precision in _MIN_PSNR:
        least = _MIN_PSNR[precision]
        far = _FAR[precision]
        is_right = parity.psnr >= least and parity.most_differ_by <= far
        bound = (
            f"a peak signal-to-noise ratio of at least {least} dB in {precision}, and "
            f"all but a thousandth of a photo's pixels within {far} levels"
        )
    else:
        is_right = parity.max_difference <= _MAX_DIFFERENCE
        bound = f"a difference of at most {_MAX_DIFFERENCE} level"
    if not is_right:
        largest = {k: v["max_difference"] for k, v in parity.images.items()}
        raise RuntimeError(
            f"The export must give the pictures of the Keras model, with {bound}. "
            f"Received: {parity.psnr:.1f} dB, {parity.most_differ_by} levels; largest "
            f"difference in levels of 0 to 255: {largest}{_ADVICE.get(precision, '')}"
        )
