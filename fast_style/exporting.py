"""A trained style to files that other programs run, each one checked."""

import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import keras
import numpy as np
import tensorflow as tf
from tensorflow.python.framework import convert_to_constants

from fast_style.generator import load_generator
from fast_style.images import to_uint8
from fast_style.styles import find_style

PARITY_FILE = "parity.json"
_EXPORTED = {PARITY_FILE, "assets", "fingerprint.pb", "saved_model.pb", "variables"}
# Rounding to bytes may go either way; more than that is another picture.
_MAX_DIFFERENCE = 1
_PARITY_SHAPES = ((1, 1, 1, 3), (1, 64, 64, 3), (3, 33, 47, 3), (1, 338, 641, 3))

# Runs in a process of its own, so that nothing of fast_style can help.
_RELOAD = """
import sys
import numpy as np
import tensorflow as tf
model = tf.saved_model.load(sys.argv[1])
stylize = model.signatures["serving_default"]
stylize_bytes = model.signatures["serve_bytes"]
results = {}
with np.load(sys.argv[2]) as images:
    for name in images.files:
        results[name] = stylize(image=tf.constant(images[name]))["stylized"].numpy()
        encoded = tf.stack([tf.io.encode_png(image) for image in images[name]])
        answers = stylize_bytes(image_bytes=encoded)["stylized_bytes"]
        decoded = [tf.io.decode_png(answer).numpy() for answer in answers]
        results["bytes_" + name] = np.stack(decoded)
if "fast_style" in sys.modules:
    raise ImportError("the SavedModel must not need fast_style")
np.savez(sys.argv[3], **results)
"""


@dataclasses.dataclass(frozen=True)
class ExportReport:
    """What an export wrote and how near it is to the original.

    Attributes:
        path: Folder of the SavedModel.
        max_difference: Largest difference from the Keras model, in levels of
            0 to 255, over all signatures and test images.
    """

    path: pathlib.Path
    max_difference: int


def export_style(style: str | os.PathLike, output: str | os.PathLike) -> ExportReport:
    """Writes a style as a SavedModel and compares it with the original.

    The SavedModel takes any batch, height and width. Signature
    `serving_default`: `image`, uint8 `(B, H, W, 3)`, to `stylized`, the same.
    Signature `serve_bytes`: `image_bytes`, `(B,)` JPEG or PNG files of any
    sizes, to `stylized_bytes`, `(B,)` PNG files.

    Args:
        style: Bundled name, workdir of a training or `.keras` file.
        output: Folder to write. An earlier export there is replaced, once the
            new one has passed its check.

    Returns:
        Where it is and the largest difference, which `parity.json` holds too.

    Raises:
        FileNotFoundError: If there is no such style.
        ValueError: If `output` holds something else, or if the style is a
            SavedModel already.
        RuntimeError: If the SavedModel does not give the same pictures.
    """
    output = pathlib.Path(output).resolve()
    if output.exists() and not _is_replaceable(output):
        raise ValueError(
            "`output` must be a new folder, an empty one or an earlier export. "
            f"Received: output={os.fspath(output)!r}"
        )
    path = find_style(style)
    if path.is_dir():
        raise ValueError(
            "`style` must be a bundled style, a workdir or a `.keras` file. "
            f"Received: style={os.fspath(style)!r}, a SavedModel already."
        )
    generator = load_generator(path)
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".export-") as folder:
        temporary = pathlib.Path(folder) / "saved_model"
        save_saved_model(generator, temporary)
        max_difference = _compare(generator, temporary, pathlib.Path(folder))
        _replace(output, temporary, pathlib.Path(folder) / "earlier")
    return ExportReport(path=output, max_difference=max_difference)


def _is_replaceable(output):
    if not output.is_dir():
        return False
    # Not the folder above the versions, nor what someone put beside an export.
    names = {path.name for path in output.iterdir()}
    return not names or (PARITY_FILE in names and names <= _EXPORTED)


def _replace(output, temporary, earlier):
    if output.exists():
        os.rename(output, earlier)
    os.rename(temporary, output)


def freeze(generator: keras.Model):
    """Turns a generator into one function with its weights as constants.

    Constants let TensorFlow fold and fuse: more than twice as fast on a CPU.

    Args:
        generator: Model from images to stylized images.

    Returns:
        A function from a float32 tensor `(B, H, W, 3)` in [0, 255] to one of
        the same shape; compiled once for all sizes, safe to call from many
        threads.
    """
    signature = [tf.TensorSpec((None, None, None, 3), tf.float32, name="images")]
    function = tf.function(
        lambda images: generator(images, training=False), input_signature=signature
    )
    frozen = convert_to_constants.convert_variables_to_constants_v2(
        function.get_concrete_function()
    )
    return lambda images: frozen(images)[0]


def save_saved_model(generator: keras.Model, path: str | os.PathLike) -> None:
    """Writes the SavedModel that `export_style` describes, unchecked."""
    stylize = freeze(generator)

    def stylize_uint8(image):
        stylized = tf.round(stylize(tf.cast(image, tf.float32)))
        return tf.cast(tf.clip_by_value(stylized, 0.0, 255.0), tf.uint8)

    def stylize_encoded(encoded):
        image = tf.io.decode_image(encoded, channels=3, expand_animations=False)
        image = tf.ensure_shape(image, (None, None, 3))
        return tf.io.encode_png(stylize_uint8(image[None])[0])

    images = tf.TensorSpec((None, None, None, 3), tf.uint8, name="image")
    files = tf.TensorSpec((None,), tf.string, name="image_bytes")
    module = tf.Module()
    module.serve = tf.function(
        lambda image: {"stylized": stylize_uint8(image)}, input_signature=[images]
    )
    module.serve_bytes = tf.function(
        lambda image_bytes: {
            "stylized_bytes": tf.map_fn(
                stylize_encoded, image_bytes, fn_output_signature=tf.string
            )
        },
        input_signature=[files],
    )
    signatures = {"serving_default": module.serve, "serve_bytes": module.serve_bytes}
    tf.saved_model.save(module, os.fspath(path), signatures=signatures)


def _compare(generator, saved_model, folder):
    rng = np.random.default_rng(0)
    images = {
        "x".join(map(str, shape)): rng.integers(0, 256, shape, "uint8")
        for shape in _PARITY_SHAPES
    }
    asked, answered = folder / "asked.npz", folder / "answered.npz"
    np.savez(asked, **images)
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1"}
    process = subprocess.run(
        [sys.executable, "-c", _RELOAD, saved_model, asked, answered],
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
