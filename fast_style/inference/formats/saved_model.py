"""The SavedModel of TensorFlow: weights as constants, any size, two signatures."""

import os

import tensorflow as tf

from fast_style.inference.reloading import READ_CASES
from fast_style.inference.signatures import check_inputs
from fast_style.inference.signatures import make_error
from fast_style.inference.signatures import make_size_check
from fast_style.inference.tensorflow_graph import make_choice_specs
from fast_style.inference.tensorflow_graph import make_function
from fast_style.io.arrays import to_uint8
from fast_style.models.style_files import to_trained_style

RELOAD = f"""{READ_CASES}
import tensorflow as tf
model = tf.saved_model.load(sys.argv[1])
stylize = model.signatures["serving_default"]
stylize_bytes = model.signatures.get("serve_bytes")
results = {{}}
for name, case in cases.items():
    case = {{tensor: tf.constant(array) for tensor, array in case.items()}}
    results[name] = stylize(**case)["stylized"].numpy()
    if stylize_bytes is None:
        continue
    images = case.pop("image")
    encoded = tf.stack([tf.io.encode_png(image) for image in images])
    answers = stylize_bytes(image_bytes=encoded, **case)["stylized_bytes"]
    decoded = [tf.io.decode_png(answer).numpy() for answer in answers]
    results["bytes_" + name] = np.stack(decoded)
if "fast_style" in sys.modules:
    raise ImportError("the SavedModel must not need fast_style")
np.savez(sys.argv[3], **results)
"""


def export(generator, path: str | os.PathLike, options) -> None:
    """Writes the SavedModel that `export_style` describes, unchecked."""
    style = to_trained_style(generator)
    stylize = make_function(style, dtype=options.precision, size=options.size)

    def stylize_uint8(image, *choice):
        stylized = tf.round(stylize(tf.cast(image, tf.float32), *choice))
        return tf.cast(tf.clip_by_value(stylized, 0.0, 255.0), tf.uint8)

    shape = (1, *options.size, 3) if options.size else (None, None, None, 3)
    image = tf.TensorSpec(shape, tf.uint8, name="image")
    module, signatures = tf.Module(), {}
    functions = {
        "serving_default": _make_function(
            lambda *inputs: {"stylized": stylize_uint8(*inputs)},
            [image, *make_choice_specs(style, shape[0])],
        )
    }
    if not options.size:  # Files of one size are no use to a server.
        functions["serve_bytes"] = _make_bytes_function(style, stylize_uint8)
    if style.conditions:
        names = list(style.conditions.names)
        functions["style_names"] = _make_function(
            lambda: {"names": tf.constant(names)}, []
        )
    for name, function in functions.items():
        setattr(module, name, function)  # Which keeps what the function needs.
        signatures[name] = function
    tf.saved_model.save(module, os.fspath(path), signatures=signatures)


def _make_function(function, specs):
    return tf.function(function, input_signature=specs, autograph=False)


def _make_bytes_function(style, stylize):
    def stylize_encoded(inputs):
        encoded, *choice = inputs
        image = _decode(encoded)
        choice = [each[None] for each in choice]
        return tf.cond(
            tf.size(image) > 0,
            lambda: tf.io.encode_png(stylize(image[None], *choice)[0]),
            lambda: tf.constant(b""),
        )

    def stylize_all(*inputs):
        stylized = tf.map_fn(stylize_encoded, inputs, fn_output_signature=tf.string)
        return {"stylized_bytes": stylized}

    encoded = tf.TensorSpec((None,), tf.string, name="image_bytes")
    return _make_function(stylize_all, [encoded, *make_choice_specs(style, None)])


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
    if check_inputs({k: v.dtype.name for k, v in inputs.items()}, path) != "uint8":
        raise make_error(path, "its pixels are not uint8")

    check_size = make_size_check(tuple(inputs["image"].shape), path)

    def stylize_images(images, model=model):  # The model owns what `serve` needs.
        check_size(images)
        image = tf.convert_to_tensor(to_uint8(images))
        stylized = model.signatures["serving_default"](image=image)["stylized"]
        return stylized.numpy().astype("float32")

    return stylize_images
