import numpy as np
import pytest

from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.pyramid import gaussian_pyramid
from fast_style.losses.statistics import channel_statistics
from fast_style.losses.targets import average
from fast_style.losses.targets import check_style_images
from fast_style.losses.targets import compute_content_floors
from fast_style.losses.targets import compute_style_targets
from fast_style.losses.targets import compute_total_variation
from fast_style.losses.targets import normalize_image_weights

LAYERS = ("relu1_1", "relu2_1")


@pytest.fixture
def image(rng):
    return rng.uniform(0, 255, (20, 24, 3)).astype("float32")


@pytest.fixture(scope="module")
def network():
    return make_loss_network("pocket", LAYERS)


class TestCheckStyleImages:
    def test_takes_what_the_last_level_can_still_see(self, image):
        check_style_images([image], "pocket", LAYERS, 4)

        with pytest.raises(ValueError, match=r"at least 32 pixels.*24x20 pixels"):
            check_style_images([image], "pocket", LAYERS, 5)

    def test_looks_at_each_image(self, image):
        plain = np.full((64, 64, 3), 250.0, "float32")

        with pytest.raises(ValueError, match="one plain colour"):
            check_style_images([image, plain], "pocket", LAYERS, 1)


class TestNormalizeImageWeights:
    def test_sum_is_one(self):
        assert normalize_image_weights((3.0, 1.0), 2) == (0.75, 0.25)
        assert normalize_image_weights((), 4) == (0.25,) * 4

    @pytest.mark.parametrize(
        ("weights", "message"),
        [
            ((1.0,), "a number for each of 2 style images"),
            ((1.0, 1.0, 1.0), "a number for each of 2 style images"),
            ((1.0, -1.0), "at least 0"),
            ((0.0, 0.0), "not all of them 0"),
        ],
    )
    def test_others_are_refused(self, weights, message):
        with pytest.raises(ValueError, match=message):
            normalize_image_weights(weights, 2)


def test_average_is_weighted():
    assert average([2.0, 10.0], (0.75, 0.25)) == 4.0


class TestComputeStyleTargets:
    def test_are_the_statistics_of_each_level(self, image, network):
        targets = compute_style_targets(
            network, image, LAYERS, num_levels=2, num_statistics=2
        )

        levels = gaussian_pyramid(image[None], 2)
        for level, found in zip(levels, targets, strict=True):
            features = network(level, LAYERS)
            for layer in LAYERS:
                expected = channel_statistics(features[layer])
                for actual, value in zip(found[layer], expected, strict=True):
                    assert isinstance(actual, np.ndarray)
                    np.testing.assert_allclose(actual, value, rtol=1e-5)


def test_content_floors_are_a_tenth_of_the_average_energy(rng):
    features = [
        [{}, {"relu2_1": rng.normal(size=(1, 4, 4, 3)).astype("float32")}]
        for _ in range(2)
    ]

    floors = compute_content_floors(features, (0.75, 0.25))

    energies = [np.square(levels[1]["relu2_1"]).mean() for levels in features]
    expected = 0.1 * (0.75 * energies[0] + 0.25 * energies[1])
    assert floors[0] == {}
    assert floors[1] == {"relu2_1": pytest.approx(expected, rel=1e-5)}


def test_total_variation_is_numpys(image):
    pixels = image / 255
    expected = sum(np.square(np.diff(pixels, axis=axis)).mean() for axis in (0, 1))

    assert compute_total_variation(image) == pytest.approx(expected, rel=1e-5)
