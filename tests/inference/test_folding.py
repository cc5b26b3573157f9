import keras
import numpy as np
import pytest
import tensorflow as tf

from fast_style.inference.folding import fold_into_phases
from fast_style.inference.folding import fold_upsampling
from fast_style.inference.folding import split_transposed


def pad(x, size, mode):
    return np.pad(x, ((0, 0), (size, size), (size, size), (0, 0)), mode)


@pytest.fixture
def upsampled_and_convolved(rng):
    """An image, a kernel, and what nearest upsampling and convolution make of it."""
    x = rng.normal(size=(2, 5, 7, 3)).astype("float32")
    kernel = rng.normal(size=(3, 3, 3, 4)).astype("float32")
    large = pad(x.repeat(2, axis=1).repeat(2, axis=2), 1, "reflect")
    return x, kernel, keras.ops.conv(large, kernel, padding="valid")


class TestFoldIntoPhases:
    @pytest.mark.parametrize("size", [1, 3, 5, 9])
    def test_gives_the_same_convolution(self, rng, size):
        x = rng.normal(size=(2, 14, 10, 3)).astype("float32")
        kernel = rng.normal(size=(size, size, 3, 2)).astype("float32")

        padded = pad(x, size // 2, "reflect")
        phases = tf.nn.conv2d(padded, fold_into_phases(kernel), 2, "VALID")

        expected = keras.ops.conv(padded, kernel, padding="valid")
        np.testing.assert_allclose(tf.nn.depth_to_space(phases, 2), expected, atol=1e-4)


class TestFoldUpsampling:
    def test_gives_the_same_convolution(self, upsampled_and_convolved):
        x, kernel, expected = upsampled_and_convolved

        transposed = keras.ops.conv_transpose(
            pad(x, 1, "edge"),
            fold_upsampling(kernel).transpose(0, 1, 3, 2),
            strides=2,
            padding="valid",
        )

        np.testing.assert_allclose(transposed[:, 3:-3, 3:-3], expected, atol=1e-4)

    def test_needs_a_kernel_of_3(self):
        with pytest.raises(ValueError, match="3x3"):
            fold_upsampling(np.zeros((5, 5, 1, 1)))


class TestSplitTransposed:
    def test_gives_the_same_convolution(self, upsampled_and_convolved):
        x, kernel, expected = upsampled_and_convolved

        split = split_transposed(fold_upsampling(kernel))
        phases = tf.nn.conv2d(pad(x, 1, "edge"), split, 1, "VALID")

        placed = tf.nn.depth_to_space(phases, 2)[:, 1:-1, 1:-1]
        np.testing.assert_allclose(placed, expected, atol=1e-4)
