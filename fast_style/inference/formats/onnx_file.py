"""ONNX files: weights as constants, any batch, height and width, pixels of 8 bits."""

import os
import pathlib

import numpy as np

from fast_style.inference.reloading import READ_CASES
from fast_style.io.extras import check_installed
from fast_style.models.style_files import to_trained_style
from fast_style.models.style_files import TrainedStyle

RELOAD = f"""{READ_CASES}
import onnxruntime
session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
results = {{name: session.run(None, case)[0] for name, case in cases.items()}}
if "fast_style" in sys.modules:
    raise ImportError("the ONNX file must not need fast_style")
np.savez(sys.argv[3], **results)
"""


def export(generator, path: str | os.PathLike, options) -> None:
    """Writes the ONNX file that `export_style` describes, unchecked.

    Raises:
        ImportError: If onnx, or onnxruntime, which checks the file, is not installed.
    """
    for package in ("onnx", "onnxruntime"):
        check_installed(package, "Exporting to ONNX")
    model = make_model(generator, options)
    pathlib.Path(path).write_bytes(model.SerializeToString())


def make_model(generator, options, *, has_exact_outputs: bool = False):
    """Makes the ONNX model of an export, which OpenVINO reads too.

    Args:
        generator: Of Keras.
        options: An `ExportOptions`.
        has_exact_outputs: As in `quantize`.
    """
    from fast_style.inference.onnx_graph import make_onnx_model

    precision = options.precision
    style = to_trained_style(generator)
    model = make_onnx_model(
        style,
        precision="float32" if precision == "int8" else precision,
        size=options.size,
        metadata=options.metadata,
    )
    if precision == "int8":
        from fast_style.inference.quantizing import quantize

        feeds = _make_feeds(generator, options.photos)
        model = quantize(
            model, feeds, style.architecture, has_exact_outputs=has_exact_outputs
        )
    return model


def _make_feeds(generator, photos):
    """Makes what ranges are taken from: photos in each style, or like each other."""
    style, one = to_trained_style(generator), np.ones(1, "float32")
    if style.conditions is not None:
        key, choices = "style_weights", np.eye(len(style.conditions.names))
        choices = choices.astype("float32")[:, None]
    elif style.predictor is not None:
        key, choices = "style_image", photos
    else:
        return [{"image": photo} for photo in photos]
    # Not all pairs, which may be a thousand, but each photo and choice, with others.
    count = len(photos)
    return [
        {
            "image": photos[i % count],
            key: choices[(i + i // count) % len(choices)],
            "strength": one,
        }
        for i in range(4 * max(count, len(choices)))
    ]


def read_model_bytes(source: TrainedStyle | str | os.PathLike) -> bytes:
    """Returns an ONNX model for engines that read one.

    Args:
        source: `.onnx` file, which is read, or a style, which is converted, with
            float32 pixels.
    """
    if not isinstance(source, TrainedStyle):
        # From memory, so that the file cannot name others that are read with it.
        return pathlib.Path(source).read_bytes()
    from fast_style.inference.onnx_graph import make_onnx_model

    return make_onnx_model(source, is_rounded=False).SerializeToString()


def name_source(source: TrainedStyle | str | os.PathLike) -> str:
    """Returns the name of what an engine loads, for messages."""
    return source.name if isinstance(source, TrainedStyle) else os.fspath(source)
