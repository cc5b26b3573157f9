"""The SavedModel of TensorFlow: weights as constants, any size, two signatures."""

import os

import tensorflow as tf

from fast_style.inference.signatures import make_size_check
from fast_style.inference.tensorflow_graph import make_function
from fast_style.io.arrays import to_uint8
from fast_style.models.style_files import to_trained_style

# Runs in a process of its own, so that nothing of fast_style can help.
RELOAD = """
import sys
import numpy as np
import tensorflow as tf
model = tf.saved_model.load(sys.argv[1])
stylize = model.signatures["serving_default"]
stylize_bytes = model.signatures.get("serve_bytes")
results = {}
with np.load(sys.argv[2]) as images:
    for name in images.files:
        results[name] = stylize(image=tf.constant(images[name]))["stylized"].numpy()
        if stylize_bytes is None:
            continue
        encoded = tf.stack([tf.io.encode_png(image) for image in images[name]])
        answers = stylize_bytes(image_bytes=encoded)["stylized_bytes"]
        decoded = [tf.io.decode_png(answer).numpy() for answer in answers]
        results["bytes_" + name] = np.stack(decoded)
if "fast_style" in sys.modules:
    raise ImportError("the SavedModel must not need fast_style")
np.savez(sys.argv[3], **results)
"""


def export(generator, path: str | os.PathLike, options) -> None:
    """Writes the SavedModel that `export_style` describes, unchecked."""
    stylize = make_function(
        to_trained_style(generator), dtype=options.precision, size=options.size
    )

    def stylize_uint8(image):
        stylized = tf.round(stylize(tf.cast(image, tf.float32)))
        return tf.cast(tf.clip_by_value(stylized, 0.0, 255.0), tf.uint8)

    shape = (1, *options.size, 3) if options.size else (None, None, None, 3)
    module = tf.Module()
    module.serve = tf.function(
        lambda image: {"stylized": stylize_uint8(image)},
        input_signature=[tf.TensorSpec(shape, tf.uint8, name="image")],
        autograph=False,
    )
    signatures = {"serving_default": module.serve}
    if not options.size:  # Files of one size are no use to a server.
        module.serve_bytes = _make_bytes_function(stylize_uint8)
        signatures["serve_bytes"] = module.serve_bytes
    tf.saved_model.save(module, os.fspath(path), signatures=signatures)


def _make_bytes_function(stylize):
    def stylize_encoded(encoded):
        image = _decode(encoded)
        return tf.cond(
            tf.size(image) > 0,
            lambda: tf.io.encode_png(stylize(image[None])[0]),
            lambda: tf.constant(b""),
        )

    return tf.function(
        lambda image_bytes: {
            "stylized_bytes": tf.map_fn(
                stylize_encoded, image_bytes, fn_output_signature=tf.string
            )
        },
        input_signature=[tf.TensorSpec((None,), tf.string, name="image_bytes")],
        autograph=False,
    )


def _decode(encoded):
    """Decodes a picture in a graph; one that is damaged has no pixels."""

    def decode(data):
        image = tf.io.decode_image(data, channels=3, expand_animations=False)
        return tf.ensure_shape(image, (None, None, 3))

    # A graph has no `try`, but a dataset leaves out what fails.
    decoded = tf.data.Dataset.from_tensors(encoded).map(decode).ignore_errors()
    nothing = tf.zeros((0, 0, 3), tf.uint8)
    return decoded.reduce(nothing, lambda _, image: image)


def load(path: str | os.PathLike):
    """Returns a function from images to stylized images, rounded to whole levels.

    Raises:
        ValueError: If it is not a SavedModel that fast_style exported.
    """
    model = tf.saved_model.load(os.fspath(path))
    serve = model.signatures.get("serving_default")
    inputs = serve.structured_input_signature[1] if serve else {}
    if "image" not in inputs or inputs["image"].dtype != tf.uint8:
        raise ValueError(
            "Expected a SavedModel that fast_style exported, with a signature "
            "`serving_default` from `image`, uint8 (B, H, W, 3). "
            f"Received: {os.fspath(path)!r} with {dict(inputs)}"
        )

    check_size = make_size_check(tuple(inputs["image"].shape), path)

    def stylize_images(images, model=model):  # The model owns what `serve` needs.
        check_size(images)
        image = tf.convert_to_tensor(to_uint8(images))
        stylized = model.signatures["serving_default"](image=image)["stylized"]
        return stylized.numpy().astype("float32")

    return stylize_images
