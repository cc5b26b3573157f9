import numpy as np
import pytest
from scipy.special import softmax

from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import StyleTerm
from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.pyramid import gaussian_pyramid
from fast_style.losses.statistics import channel_statistics
from fast_style.losses.statistics import feature_energy
from fast_style.losses.targets import average
from fast_style.losses.targets import check_style_sizes
from fast_style.losses.targets import check_texture
from fast_style.losses.targets import compute_floors
from fast_style.losses.targets import compute_pyramid_features
from fast_style.losses.targets import compute_style_targets
from fast_style.losses.targets import compute_total_variation
from fast_style.losses.targets import normalize_image_weights

LAYERS = ("relu1_1", "relu2_1")


@pytest.fixture
def image(rng):
    return rng.uniform(0, 255, (20, 24, 3)).astype("float32")


@pytest.fixture(scope="module")
def network():
    return make_loss_network("vgg16", LAYERS)


class PlainNetwork:
    """A network as a user may write one: the pixels, and their halves."""

    name = "plain"

    def __call__(self, images, layers):
        every = {"relu1_1": images, "relu2_1": images / 2}
        return {layer: every[layer] for layer in layers}


class TestCheckTexture:
    def test_looks_at_each_image(self, image):
        plain = np.full((64, 64, 3), 250.0, "float32")
        check_texture([image, image])

        with pytest.raises(ValueError, match="one plain colour"):
            check_texture([image, plain])


class TestCheckStyleSizes:
    @pytest.mark.parametrize("term_class", [StyleTerm, ContentTerm])
    def test_takes_what_the_last_level_can_still_see(self, image, network, term_class):
        term = term_class(layers=LAYERS, levels=(1.0,) * 4)
        check_style_sizes([image], network, term)

        term = term_class(layers=LAYERS, levels=(1.0,) * 5)
        message = r"at least 32 pixels.*5 pyramid levels.*relu1_1.*vgg16.*24x20 pixels"
        with pytest.raises(ValueError, match=message):
            check_style_sizes([image], network, term)

    def test_levels_without_weight_at_the_end_need_no_pixels(self, image, network):
        term = StyleTerm(layers=LAYERS, levels=(1.0, 1.0, 0.0, 0.0, 0.0))

        check_style_sizes([image], network, term)

    def test_of_a_deep_layer_needs_as_many_pixels_as_the_network(self, rng):
        network = make_loss_network("squeezenet", ("fire5",), weights="random")
        term = StyleTerm(network="squeezenet", layers="fire5", levels=(0.5, 0.5))
        pictures = [
            rng.uniform(0, 255, (side, 40, 3)).astype("float32") for side in (26, 25)
        ]
        check_style_sizes(pictures[:1], network, term)

        with pytest.raises(ValueError, match=r"at least 26 .*fire5 of squeezenet.*x25"):
            check_style_sizes(pictures, network, term)

    def test_for_a_network_of_the_users_only_the_pyramid_counts(self, rng):
        term = StyleTerm(network="vgg16", layers="relu5_1", levels=(0.5, 0.5))
        small = rng.uniform(0, 255, (4, 4, 3)).astype("float32")

        check_style_sizes([small], PlainNetwork(), term)

        with pytest.raises(ValueError, match=r"at least 4 pixels.*3x4 pixels"):
            check_style_sizes([small[:, :3]], PlainNetwork(), term)


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

    def test_with_a_temperature_are_those_of_scipys_softmax(self, image):
        targets = compute_style_targets(
            PlainNetwork(),
            image,
            LAYERS,
            num_levels=1,
            num_statistics=1,
            temperature=60.0,
        )

        for layer, values in (("relu1_1", image), ("relu2_1", image / 2)):
            flat = (image.size * softmax(values / 60)).reshape(-1, 3)
            expected = flat.T @ flat / flat.size
            np.testing.assert_allclose(targets[0][layer][0][0], expected, rtol=1e-4)


def test_pyramid_features_are_those_of_each_level(image):
    features = compute_pyramid_features(PlainNetwork(), image, LAYERS, 3)

    levels = gaussian_pyramid(image[None], 3)
    for level, found in zip(levels, features, strict=True):
        np.testing.assert_allclose(found["relu1_1"], level, rtol=1e-5)
        np.testing.assert_allclose(found["relu2_1"], level / 2, rtol=1e-5)


class TestComputeFloors:
    def test_are_a_part_of_the_average_energy(self, rng):
        features = [
            [{}, {"relu2_1": rng.normal(size=(1, 4, 4, 3)).astype("float32")}]
            for _ in range(2)
        ]

        floors = compute_floors(features, (0.75, 0.25), feature_energy, 0.1)

        energies = [np.square(levels[1]["relu2_1"]).mean() for levels in features]
        expected = 0.1 * (0.75 * energies[0] + 0.25 * energies[1])
        assert floors[0] == {}
        assert floors[1] == {"relu2_1": pytest.approx(expected, rel=1e-5)}

    def test_are_a_part_of_anything_else_that_is_measured(self):
        features = [[dict.fromkeys(LAYERS, np.full((1, 2, 2, 3), 7.0))]]

        floors = compute_floors(features, (1.0,), lambda f: [f.max()], 0.5)

        assert floors == [dict.fromkeys(LAYERS, pytest.approx(3.5))]


def test_total_variation_is_numpys(image):
    pixels = image / 255
    expected = sum(np.square(np.diff(pixels, axis=axis)).mean() for axis in (0, 1))

    assert compute_total_variation(image) == pytest.approx(expected, rel=1e-5)
