"""Exports that hold all styles of a file."""

import json

import numpy as np
import onnxruntime
import pytest
import tensorflow as tf

from fast_style.inference.export import export_style
from fast_style.inference.stylizer import load_style
from fast_style.models.saving import save_generator

NAMES = ("wave", "night", "scream")


@pytest.fixture(scope="module")
def path(make_several, tmp_path_factory):
    path = tmp_path_factory.mktemp("several") / "three.keras"
    save_generator(make_several((0.4, 1.0)), path)
    return path


@pytest.fixture(scope="module")
def saved_model(path, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exports") / "all"
    assert export_style(path, folder).max_difference <= 1
    return folder


@pytest.mark.parametrize(
    ("format", "precision"),
    [
        ("onnx", "float32"),
        ("onnx", "int8"),
        pytest.param("openvino", "float32", marks=pytest.mark.slow),
        pytest.param("litert", "float32", marks=pytest.mark.slow),
        pytest.param("keras", "float32", marks=pytest.mark.slow),
    ],
)
def test_each_format_holds_them(path, tmp_path, format, precision):
    suffix = {"onnx": ".onnx", "litert": ".tflite", "keras": ".keras"}.get(format, "")

    report = export_style(
        path, tmp_path / f"all{suffix}", format=format, precision=precision
    )

    assert report.max_difference <= (1 if precision == "float32" else 255)
    assert json.loads(report.metadata["styles"]) == list(NAMES)
    assert report.metadata["least_strength"] == "0.4"


def test_one_of_them_takes_an_image_alone(path, tmp_path):
    report = export_style(path, tmp_path / "a.onnx", format="onnx", name="night")

    inputs = onnxruntime.InferenceSession(report.path).get_inputs()
    assert [each.name for each in inputs] == ["image"]
    assert "styles" not in report.metadata


def test_a_saved_model_knows_their_names_and_keeps_a_batch_apart(
    path, saved_model, rng
):
    model = tf.saved_model.load(str(saved_model))
    stylizer = load_style(path)
    images = rng.integers(0, 256, (3, 20, 24, 3), "uint8")

    names = model.signatures["style_names"]()["names"].numpy()
    stylized = model.signatures["serving_default"](
        image=tf.constant(images),
        style_weights=tf.constant([[1.0, 0, 0], [0, 3, 1], [0, 0, 1]]),
        strength=tf.constant([1.0, 0.7, 0.2]),
    )["stylized"].numpy()

    assert [name.decode() for name in names] == list(NAMES)
    expected = [
        stylizer(images[0], name="wave"),
        stylizer(images[1], styles={"night": 3, "scream": 1}, strength=0.7),
        stylizer(images[2], name="scream", strength=0.2),
    ]
    np.testing.assert_allclose(stylized.astype(int), expected, atol=1)


def test_to_stylize_with_one_is_an_error_that_says_how(path, saved_model, tmp_path):
    export_style(path, tmp_path / "all.onnx", format="onnx")

    for export in (saved_model, tmp_path / "all.onnx"):
        with pytest.raises(ValueError, match="an export of several styles"):
            load_style(export)


def test_names_that_it_does_not_have_are_refused(path, trained_run, tmp_path):
    with pytest.raises(ValueError, match="`name` must be one of wave, night, scream"):
        export_style(path, tmp_path / "a", name="day")
    with pytest.raises(ValueError, match="None: there is one style"):
        export_style(trained_run, tmp_path / "a", name="day")
