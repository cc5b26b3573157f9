"""Exports of a style that paints like any picture."""

import subprocess
import sys

import numpy as np
from PIL import Image
import pytest
import tensorflow as tf

from fast_style.inference.export import export_style
from fast_style.inference.stylizer import load_style

pytestmark = pytest.mark.slow

# As TensorFlow Hub's arbitrary-image-stylization-v1-256 is called, by a program that
# knows nothing of fast_style.
HUB = """
import sys
import numpy as np
import tensorflow as tf
model = tf.saved_model.load(sys.argv[1])
with np.load(sys.argv[2]) as images:
    content, style = (tf.constant(images[name]) for name in ("content", "style"))
stylized = model(content, style)[0]
assert "fast_style" not in sys.modules
np.save(sys.argv[3], stylized.numpy())
"""


@pytest.fixture(scope="module")
def export(any_path, tmp_path_factory):
    path = tmp_path_factory.mktemp("exports") / "any"
    report = export_style(any_path, path)
    assert report.max_difference <= 1
    return path


@pytest.fixture(scope="module")
def painting():
    """Smooth enough that it does not matter how it is scaled."""
    noise = np.random.default_rng(2).integers(0, 256, (8, 6, 3), "uint8")
    return np.asarray(Image.fromarray(noise).resize((384, 512), Image.BICUBIC))


@pytest.mark.parametrize(
    ("format", "precision"),
    [
        ("onnx", "float32"),
        pytest.param("onnx", "int8", marks=pytest.mark.slow),
        pytest.param("openvino", "float32", marks=pytest.mark.slow),
        pytest.param("litert", "float32", marks=pytest.mark.slow),
        pytest.param("keras", "float32", marks=pytest.mark.slow),
    ],
)
def test_each_format_holds_it(any_path, tmp_path, format, precision):
    suffix = {"onnx": ".onnx", "litert": ".tflite", "keras": ".keras"}.get(format, "")

    report = export_style(
        any_path, tmp_path / f"any{suffix}", format=format, precision=precision
    )

    assert report.max_difference <= (1 if precision == "float32" else 255)
    assert report.metadata["least_strength"] == "0.5"


def test_is_called_as_the_model_of_tensorflow_hub(
    any_path, export, painting, tmp_path, rng
):
    content = rng.integers(0, 256, (2, 33, 40, 3), "uint8")
    np.savez(
        tmp_path / "in.npz",
        content=np.float32(content / 255),
        style=np.float32(painting[None] / 255),
    )

    arguments = [export, tmp_path / "in.npz", tmp_path / "out.npy"]
    subprocess.run([sys.executable, "-c", HUB, *map(str, arguments)], check=True)

    stylized = np.load(tmp_path / "out.npy")
    assert stylized.dtype == np.float32
    assert 0 <= stylized.min() < stylized.max() <= 1
    expected = load_style(any_path)(content, style_image=painting)
    np.testing.assert_allclose(255 * stylized, expected, atol=1)


def test_a_small_painting_and_another_for_each_picture(export, rng):
    model = tf.saved_model.load(str(export))
    content = rng.uniform(0, 1, (2, 20, 24, 3)).astype("float32")
    styles = rng.uniform(0, 1, (2, 30, 9, 3)).astype("float32")

    together = model(tf.constant(content), tf.constant(styles))[0].numpy()

    alone = [
        model(tf.constant(content[i : i + 1]), tf.constant(styles[i : i + 1]))[0][0]
        for i in range(2)
    ]
    np.testing.assert_allclose(together, alone, atol=1e-3)
    assert np.abs(together[0] - together[1]).mean() > 0.01


def test_a_painting_is_looked_at_once_for_many_pictures(export, painting, rng):
    signatures = tf.saved_model.load(str(export)).signatures
    image = tf.constant(rng.integers(0, 256, (2, 20, 24, 3), "uint8"))
    strength = tf.constant([1.0, 0.6])
    style_image = tf.constant(painting[None])

    seen = signatures["look"](style_image=style_image)["seen"]
    stylized = signatures["stylize_seen"](image=image, seen=seen, strength=strength)

    expected = signatures["serving_default"](
        image=image, style_image=style_image, strength=strength
    )
    assert seen.shape == (1, 5)
    np.testing.assert_array_equal(stylized["stylized"], expected["stylized"])
