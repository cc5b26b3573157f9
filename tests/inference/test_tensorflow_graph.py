import numpy as np
import pytest
import tensorflow as tf

from fast_style.inference.tensorflow_graph import make_array_function
from fast_style.inference.tensorflow_graph import make_function
from fast_style.inference.tensorflow_graph import TensorFlowOperators
from fast_style.models.style_files import to_trained_style


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (3, 50), (17, 64), (33, 47)])
@pytest.mark.parametrize("batch_size", [1, 3])
def test_gives_the_pixels_of_keras(any_generator, rng, shape, batch_size):
    images = rng.uniform(0, 255, (batch_size, *shape, 3)).astype("float32")

    stylized = make_function(to_trained_style(any_generator))(tf.constant(images))

    np.testing.assert_allclose(stylized, any_generator(images), atol=0.05)


def test_an_image_of_a_batch_is_as_if_alone(any_generator, rng):
    images = rng.uniform(0, 255, (3, 20, 24, 3)).astype("float32")
    stylize = make_array_function(to_trained_style(any_generator))

    alone = np.concatenate([stylize(images[i : i + 1]) for i in range(3)])

    np.testing.assert_allclose(stylize(images), alone, atol=0.01)


def test_a_wider_range_of_the_output_is_clipped(wide_generator, rng):
    images = rng.uniform(0, 255, (1, 16, 20, 3)).astype("float32")

    stylized = make_array_function(to_trained_style(wide_generator))(images)

    assert (stylized.min(), stylized.max()) == (0, 255)
    np.testing.assert_allclose(stylized, wide_generator(images), atol=0.05)


def test_an_edge_is_repeated_once(rng):
    x = rng.normal(size=(1, 4, 5, 2))

    padded = TensorFlowOperators().pad(x, 1, "edge")

    sides = ((0, 0), (1, 1), (1, 1), (0, 0))
    np.testing.assert_array_equal(padded, np.pad(x, sides, "edge"))
    with pytest.raises(ValueError, match="once, not 2 times"):
        TensorFlowOperators().pad(x, 2, "edge")
