import numpy as np
from PIL import Image
import pytest

from fast_style.evaluation.metrics.luminance import gradient_magnitude
from fast_style.evaluation.metrics.luminance import halve
from fast_style.evaluation.metrics.luminance import to_luminance


def test_luminance_is_pillows(rng):
    pixels = rng.integers(0, 256, (20, 30, 3), dtype="uint8")
    expected = np.asarray(Image.fromarray(pixels).convert("L"), "float64")

    np.testing.assert_allclose(to_luminance(pixels), expected, atol=0.51)


def test_half_resolution_is_the_mean_of_2x2_pixels():
    image = np.array([[1.0, 3.0, 9.0], [5.0, 7.0, 9.0]])

    np.testing.assert_array_equal(halve(image), [[4.0]])


def test_the_gradient_of_a_ramp_is_its_rise_over_2_pixels():
    y, x = np.indices((9, 9)).astype("float64")

    inside = gradient_magnitude(3 * x + 4 * y)[1:-1, 1:-1]

    assert inside == pytest.approx(2 * 5)
