import numpy as np
import pytest
import tensorflow as tf

from fast_style.losses.networks.convolution import convolve
from fast_style.losses.networks.making import make_loss_network

SHALLOW = ("relu1_1", "relu1_2", "relu2_1", "relu2_2")


class TestConvolve:
    @pytest.mark.parametrize(
        ("padding", "mode"), [("zeros", "constant"), ("symmetric", "symmetric")]
    )
    @pytest.mark.parametrize("strides", [1, 2, 3])
    @pytest.mark.parametrize("size", [1, 3, 7])
    def test_is_numpys_on_a_padded_image(self, rng, size, strides, padding, mode):
        x = rng.normal(size=(2, 5, 6, 3)).astype("float32")
        kernel = rng.normal(size=(size, size, 3, 4)).astype("float32")

        actual = convolve(x, kernel, padding, strides)

        sides = (size // 2, size // 2)
        padded = np.pad(x, ((0, 0), sides, sides, (0, 0)), mode=mode)
        everywhere = sum(
            padded[:, i : i + 5, j : j + 6] @ kernel[i, j]
            for i in range(size)
            for j in range(size)
        )
        expected = everywhere[:, ::strides, ::strides]
        np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-4)

    @pytest.mark.parametrize("shape", [(2, 5, 6, 3), (1, 1, 1, 3), (1, 2, 1, 3)])
    def test_repeated_edges_have_the_gradient_of_tensorflows_padding(self, rng, shape):
        x = tf.constant(rng.normal(size=shape))
        kernel = tf.constant(rng.normal(size=(3, 3, 3, 4)))
        sides = ((0, 0), (1, 1), (1, 1), (0, 0))

        gradients = []
        for function in (
            lambda x: convolve(x, kernel, "symmetric"),
            lambda x: tf.nn.conv2d(tf.pad(x, sides, "SYMMETRIC"), kernel, 1, "VALID"),
        ):
            with tf.GradientTape() as tape:
                tape.watch(x)
                value = tf.reduce_sum(tf.sin(function(x)))
            gradients.append(tape.gradient(value, x))

        np.testing.assert_allclose(*gradients, rtol=1e-9, atol=1e-12)

    @pytest.mark.parametrize(
        ("name", "weights", "layers"),
        [
            ("vgg16", "random", SHALLOW),
            ("pocket", "bundled", SHALLOW),
            ("squeezenet", "random", ("fire2", "fire4", "fire5", "fire8")),
            ("resnet50", "random", ("conv1", "layer1.2", "layer2.1", "layer3.1")),
        ],
    )
    def test_symmetric_padding_shows_no_border_to_a_plain_colour(
        self, name, weights, layers
    ):
        image = np.full((1, 40, 52, 3), (200, 30, 90), "float32")

        def measure_spread(padding):
            network = make_loss_network(name, layers, weights=weights, padding=padding)
            features = network(image, layers)
            return [np.ptp(f, axis=(1, 2)).max() / np.max(f) for f in features.values()]

        assert max(measure_spread("symmetric")) < 1e-4
        assert min(measure_spread("zeros")) > 0.01
