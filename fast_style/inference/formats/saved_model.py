"""The SavedModel of TensorFlow: weights as constants, any size, two signatures."""

import os

import tensorflow as tf

from fast_style.inference.looking import LEAST_SIZE
from fast_style.inference.reloading import READ_CASES
from fast_style.inference.signatures import check_inputs
from fast_style.inference.signatures import make_error
from fast_style.inference.signatures import make_size_check
from fast_style.inference.tensorflow_conditions import make_choice_specs
from fast_style.inference.tensorflow_graph import make_function
from fast_style.inference.tensorflow_looking import predict
from fast_style.inference.tensorflow_orientation import turn_upright
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
    how = {"dtype": options.precision, "size": options.size}
    module = tf.Module()
    stylize = make_function(style, **how)
    functions = {"serving_default": _make_serving_function(style, stylize, options)}
    if style.predictor is not None:
        functions |= _make_looking_functions(style, how, options)
        size = style.predictor.painting_size
        module.__call__ = _make_hub_function(stylize, size)
    elif not options.size:  # Files of one size are no use to a server.
        functions["serve_bytes"] = _make_bytes_function(style, stylize)
    if style.conditions is not None:
        names = list(style.conditions.names)
        functions["style_names"] = _make_function(
            lambda: {"names": tf.constant(names)}, []
        )
    for name, function in functions.items():
        setattr(module, name, function)  # Which keeps what the function needs.
    tf.saved_model.save(module, os.fspath(path), signatures=functions)


def _make_serving_function(style, stylize, options, *, is_seen=False):
    shape = (1, *options.size, 3) if options.size else (None, None, None, 3)
    choice = make_choice_specs(style, shape[0], dtype=tf.uint8, is_seen=is_seen)
    return _make_function(
        lambda *inputs: {"stylized": _to_uint8(stylize(*map(_to_float, inputs)))},
        [tf.TensorSpec(shape, tf.uint8, name="image"), *choice],
    )


def _make_looking_functions(style, how, options):
    """Makes what looks at a painting, and what stylizes by what is seen in it."""
    stylize = make_function(style, is_seen=True, **how)
    painting = tf.TensorSpec((None, None, None, 3), tf.uint8, name="style_image")
    return {
        "look": _make_function(
            lambda x: {"seen": predict(style.predictor, _to_float(x))}, [painting]
        ),
        "stylize_seen": _make_serving_function(style, stylize, options, is_seen=True),
    }


def _make_hub_function(stylize, painting_size):
    """Makes the call of TensorFlow Hub's arbitrary-image-stylization-v1-256."""

    def call(content, style):
        height, width = tf.unstack(tf.cast(tf.shape(style)[1:3], tf.float32))
        scale = painting_size / tf.maximum(height, width) if painting_size else 1.0
        size = tf.cast(tf.round(scale * tf.stack((height, width))), tf.int32)
        # Of a narrow painting too, SqueezeNet has something to look at.
        size = tf.maximum(size, LEAST_SIZE)
        painting = tf.image.resize(style, size, "lanczos3", antialias=True)
        painting = tf.clip_by_value(255.0 * painting, 0.0, 255.0)
        strength = tf.ones(tf.shape(content)[:1])
        return (stylize(255.0 * content, painting, strength) / 255.0,)

    shape = (None, None, None, 3)
    names = ("content_image", "style_image")
    return _make_function(call, [tf.TensorSpec(shape, name=name) for name in names])


def _to_float(x):
    return tf.cast(x, tf.float32)


def _to_uint8(images):
    return tf.cast(tf.clip_by_value(tf.round(images), 0.0, 255.0), tf.uint8)


def _make_function(function, specs):
    return tf.function(function, input_signature=specs, autograph=False)


def _make_bytes_function(style, stylize):
    def stylize_encoded(inputs):
        encoded, *choice = inputs
        image = _decode(encoded)
        choice = [each[None] for each in choice]
        return tf.cond(
            tf.size(image) > 0,
            lambda: tf.io.encode_png(
                _to_uint8(stylize(_to_float(image)[None], *choice))[0]
            ),
            lambda: tf.constant(b""),
        )

    def stylize_all(*inputs):
        stylized = tf.map_fn(stylize_encoded, inputs, fn_output_signature=tf.string)
        return {"stylized_bytes": stylized}

    encoded = tf.TensorSpec((None,), tf.string, name="image_bytes")
    return _make_function(stylize_all, [encoded, *make_choice_specs(style, None)])


def _decode(encoded):
    """Decodes a picture, upright, in a graph; a damaged one has no pixels."""

    def decode(data):
        image = tf.io.decode_image(data, channels=3, expand_animations=False)
        return turn_upright(image, data)

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
