import subprocess
import sys

import numpy as np
from PIL import Image
import pytest

from fast_style import samples
from fast_style.inference.looking import look_at
from fast_style.inference.looking import measure
from fast_style.inference.looking import measure_channels
from fast_style.losses.networks.making import make_loss_network
from fast_style.models.predictor import NUM_STATISTICS
from fast_style.models.predictor import STATISTIC_LAYERS
from fast_style.training.painting_statistics import measure_paintings


@pytest.mark.parametrize("size", [(64, 64), (97, 131)])
def test_sees_what_the_training_saw(rng, size):
    image = rng.uniform(0, 255, (*size, 3)).astype("float32")
    network = make_loss_network("vgg16", STATISTIC_LAYERS, padding="zeros")

    expected = np.asarray(measure_paintings(network, image[None]))[0]

    np.testing.assert_allclose(measure(image), expected, rtol=1e-3, atol=2e-2)


@pytest.mark.parametrize("num_cores", [1, 64])
def test_any_number_of_cores_sees_the_same(rng, monkeypatch, num_cores):
    image = rng.uniform(0, 255, (70, 101, 3)).astype("float32")
    expected = measure(image)
    # 64 are more than the last layers have rows.
    monkeypatch.setattr("fast_style.inference.looking.count_cores", lambda: num_cores)
    monkeypatch.setattr("fast_style.io.cores.count_cores", lambda: num_cores)

    np.testing.assert_allclose(measure(image), expected, rtol=1e-4, atol=1e-3)


def test_channels_of_many_pixels_are_measured_as_exactly(rng):
    pixels = rng.uniform(90, 110, (3_000_001, 2)).astype("float32")

    mean, deviation = measure_channels(pixels)

    exact = pixels.astype("float64")
    np.testing.assert_allclose(mean, exact.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(deviation, exact.std(axis=0), rtol=1e-6)


def test_a_picture_is_looked_at_from_anywhere(tmp_path):
    with Image.open(samples.STYLE_IMAGE) as picture:
        pixels = np.asarray(picture)
    Image.fromarray(pixels).save(tmp_path / "a.png")

    seen = look_at(tmp_path / "a.png", 128)

    assert seen.shape == (NUM_STATISTICS,)
    for source in (pixels, Image.fromarray(pixels), (tmp_path / "a.png").read_bytes()):
        np.testing.assert_array_equal(look_at(source, 128), seen)


@pytest.mark.parametrize("shape", [(1, 1, 3), (2000, 3, 3), (5, 900)])
def test_pictures_of_any_shape_are_looked_at(rng, shape):
    seen = look_at(rng.integers(0, 256, shape, "uint8"))

    assert np.isfinite(seen).all()


def test_it_needs_no_keras():
    program = (
        "import sys, fast_style.inference.looking as looking;"
        f"looking.look_at({str(samples.STYLE_IMAGE)!r});"
        "print({'keras', 'tensorflow'} & set(sys.modules))"
    )

    process = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert process.stdout.strip() == "set()"
