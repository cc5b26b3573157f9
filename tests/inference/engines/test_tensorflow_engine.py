import numpy as np
import pytest

from fast_style.inference.engines import tensorflow_engine


@pytest.mark.parametrize("shape", [(1, 1, 1, 3), (2, 33, 47, 3)])
def test_gives_the_pixels_of_keras(style, expect, rng, shape):
    images = rng.uniform(0, 255, shape).astype("float32")
    stylize = tensorflow_engine.load(style)

    np.testing.assert_allclose(stylize(images), expect(images), atol=0.05)


def test_bfloat16_is_near(style, expect, rng):
    images = rng.uniform(0, 255, (1, 64, 64, 3)).astype("float32")

    stylized = tensorflow_engine.load(style, "bfloat16")(images)

    difference = np.abs(stylized - expect(images))
    assert 0 < difference.mean() < 4  # Levels of 255.


def test_threads_get_their_own_pictures(style, check_threads):
    check_threads(tensorflow_engine.load(style))
