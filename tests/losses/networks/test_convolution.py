import numpy as np
import pytest

from fast_style.losses.networks.convolution import convolve
from fast_style.losses.networks.making import make_loss_network

SHALLOW = ("relu1_1", "relu1_2", "relu2_1", "relu2_2")


class TestConvolve:
    @pytest.mark.parametrize(
        ("padding", "mode"), [("zeros", "constant"), ("symmetric", "symmetric")]
    )
    @pytest.mark.parametrize("size", [1, 3])
    def test_is_numpys_on_a_padded_image(self, rng, size, padding, mode):
        x = rng.normal(size=(2, 5, 6, 3)).astype("float32")
        kernel = rng.normal(size=(size, size, 3, 4)).astype("float32")

        actual = convolve(x, kernel, padding)

        sides = (size // 2, size // 2)
        padded = np.pad(x, ((0, 0), sides, sides, (0, 0)), mode=mode)
        expected = sum(
            padded[:, i : i + 5, j : j + 6] @ kernel[i, j]
            for i in range(size)
            for j in range(size)
        )
        np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-5)

    @pytest.mark.parametrize(
        ("name", "weights"), [("vgg16", "random"), ("pocket", "bundled")]
    )
    def test_symmetric_padding_shows_no_border_to_a_plain_colour(self, name, weights):
        image = np.full((1, 20, 12, 3), (200, 30, 90), "float32")

        def measure_spread(padding):
            network = make_loss_network(name, SHALLOW, weights=weights, padding=padding)
            features = network(image, SHALLOW)
            return [np.ptp(f, axis=(1, 2)).max() / np.max(f) for f in features.values()]

        assert max(measure_spread("symmetric")) < 1e-4
        assert min(measure_spread("zeros")) > 0.01
