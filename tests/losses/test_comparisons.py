import numpy as np
import pytest
from scipy.special import softmax

from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import StyleTerm
from fast_style.losses.comparisons import ContentComparison
from fast_style.losses.comparisons import StyleComparison
from fast_style.losses.pyramid import gaussian_pyramid


class PlainNetwork:
    """A network as a user may write one: the pixels, and their squares."""

    name = "plain"

    def __call__(self, images, layers):
        images = images / 255.0
        every = {"relu1_1": images, "relu2_1": images**2}
        return {layer: every[layer] for layer in layers}


NETWORK = PlainNetwork()
LAYERS = ("relu1_1", "relu2_1")


@pytest.fixture
def paintings(rng):
    return [rng.uniform(0, 255, (12 + i, 16, 3)).astype("float32") for i in range(2)]


@pytest.fixture
def features(rng):
    """Activations of two stylized images."""
    images = rng.uniform(0, 255, (2, 10, 10, 3)).astype("float32")
    return NETWORK(images, LAYERS)


@pytest.fixture
def photo_features(rng):
    images = rng.uniform(0, 255, (2, 10, 10, 3)).astype("float32")
    return NETWORK(images, LAYERS)


def compute_statistics(features, statistics="covariance", temperature=0.0):
    if temperature:
        features = features.size * softmax(features / temperature)
    flat = features.reshape(-1, 3).astype("float64")
    if statistics == "gram":
        return [flat.T @ flat / flat.size]
    return [flat.mean(axis=0), np.cov(flat.T, bias=True) / 3]


def compute_distance(features, painting, *, root=True, **options):
    distances = [
        np.sum((actual - target) ** 2) / np.sum(target**2)
        for actual, target in zip(
            compute_statistics(features, **options),
            compute_statistics(painting, **options),
            strict=True,
        )
    ]
    return sum(np.sqrt(distances) if root else distances)


class TestStyleComparison:
    @pytest.mark.parametrize("distance", ["l2", "squared"])
    @pytest.mark.parametrize(
        "options", [{}, {"statistics": "gram"}, {"temperature": 0.2}], ids=str
    )
    def test_is_the_distance_of_numpys_statistics(
        self, paintings, features, options, distance
    ):
        term = StyleTerm(
            layers=LAYERS, layer_weights=(0.25, 2.0), distance=distance, **options
        )
        comparison = StyleComparison(
            term, NETWORK, paintings[:1], (1.0,), scaling="relative"
        )

        actual = comparison.compare(features, {}, 0)

        painted = NETWORK(paintings[0], LAYERS)
        root = distance == "l2"
        expected = [
            0.25 * compute_distance(one, painted["relu1_1"], root=root, **options)
            + 2.0 * compute_distance(other, painted["relu2_1"], root=root, **options)
            for one, other in zip(*features.values(), strict=True)
        ]
        np.testing.assert_allclose(actual, expected, rtol=1e-3)

    def test_averages_the_losses_of_the_paintings(self, paintings, features):
        def compare(images, weights):
            term = StyleTerm(layers=LAYERS, temperature=0.5)
            comparison = StyleComparison(
                term, NETWORK, images, weights, scaling="relative"
            )
            return np.asarray(comparison.compare(features, {}, 0))

        first, second = (compare([image], (1.0,)) for image in paintings)

        both = compare(paintings, (0.75, 0.25))

        np.testing.assert_allclose(both, 0.75 * first + 0.25 * second, rtol=1e-5)

    def test_knows_the_painting_at_each_level(self, paintings):
        term = StyleTerm(layers=LAYERS, levels=(1.0, 1.0, 1.0))
        comparison = StyleComparison(
            term, NETWORK, paintings[:1], (1.0,), scaling="relative"
        )
        pyramid = gaussian_pyramid(paintings[0][None], 3)

        distances = [
            [float(comparison.compare(NETWORK(p, LAYERS), {}, i)[0]) for p in pyramid]
            for i in range(3)
        ]

        # The root of 1e-8 for each of four statistics, two of each layer.
        np.testing.assert_allclose(np.diag(distances), 2e-4, rtol=0.2)
        assert np.argmin(distances, axis=1).tolist() == [0, 1, 2]

    def test_has_the_scaling(self, paintings, features):
        term = StyleTerm(layers="relu1_1", distance="squared", statistics="gram")
        painted = compute_statistics(NETWORK(paintings[0], LAYERS)["relu1_1"], "gram")
        for scaling, measure in (
            ("johnson2016", np.mean),
            ("gatys2016", lambda squares: np.sum(squares) / 4),
        ):
            comparison = StyleComparison(
                term, NETWORK, paintings[:1], (1.0,), scaling=scaling
            )
            expected = [
                measure((compute_statistics(one, "gram")[0] - painted[0]) ** 2)
                for one in features["relu1_1"]
            ]
            actual = comparison.compare(features, {}, 0)
            np.testing.assert_allclose(actual, expected, rtol=1e-3)


class TestContentComparison:
    def test_is_the_mean_square_over_the_photos_energy(
        self, paintings, features, photo_features
    ):
        term = ContentTerm(layers=LAYERS, layer_weights=(0.25, 2.0))
        comparison = ContentComparison(
            term, NETWORK, paintings, (0.5, 0.5), scaling="relative"
        )

        actual = comparison.compare(features, photo_features, 0)

        expected = 0.0
        for layer, weight in (("relu1_1", 0.25), ("relu2_1", 2.0)):
            squares = np.square(features[layer] - photo_features[layer])
            energy = np.square(photo_features[layer]).mean(axis=(1, 2, 3))
            expected += weight * squares.mean(axis=(1, 2, 3)) / energy
        np.testing.assert_allclose(actual, expected, rtol=1e-5)

    def test_a_plain_photo_counts_with_a_tenth_of_the_paintings_at_least(
        self, paintings, features
    ):
        term = ContentTerm(layers="relu1_1", levels=(1.0, 1.0))
        comparison = ContentComparison(
            term, NETWORK, paintings, (0.75, 0.25), scaling="relative"
        )
        black = NETWORK(np.zeros((2, 10, 10, 3), "float32"), LAYERS)
        pyramids = [gaussian_pyramid(p[None] / 255, 2) for p in paintings]
        for level, levels in enumerate(zip(*pyramids, strict=True)):
            energies = [np.square(p).mean() for p in levels]

            actual = comparison.compare(features, black, level)

            floor = 0.1 * np.dot((0.75, 0.25), energies)
            squares = np.square(features["relu1_1"]).mean(axis=(1, 2, 3))
            np.testing.assert_allclose(actual, squares / floor, rtol=1e-4)

    def test_with_instance_normalization_ignores_colour_and_contrast(
        self, paintings, photo_features
    ):
        term = ContentTerm(layers="relu1_1", normalization="instance")
        # A painting of next to no variance, beside which that of the photo counts.
        faint = [127 + 1e-3 * painting for painting in paintings]
        comparison = ContentComparison(
            term, NETWORK, faint, (0.5, 0.5), scaling="relative"
        )
        factors, shifts = np.float32([(3, 0.5, 1), (1, 0, 4)])
        recoloured = {"relu1_1": photo_features["relu1_1"] * factors - shifts}
        mirrored = {"relu1_1": photo_features["relu1_1"][:, ::-1]}

        distances = [
            np.asarray(comparison.compare(f, photo_features, 0))
            for f in (recoloured, mirrored)
        ]

        assert distances[0].max() < 1e-3
        assert distances[1].min() > 1

    def test_normalized_a_plain_photo_counts_as_the_painting(self, paintings, features):
        term = ContentTerm(layers="relu1_1", normalization="instance")
        comparison = ContentComparison(
            term, NETWORK, paintings[:1], (1.0,), scaling="relative"
        )
        black = NETWORK(np.zeros((2, 10, 10, 3), "float32"), LAYERS)

        actual = comparison.compare(features, black, 0)

        painted = paintings[0][None] / 255
        epsilon = 0.1 * painted.var(axis=(1, 2)).mean()
        variances = painted.var(axis=(1, 2))
        energy = np.mean(variances / (variances + epsilon))
        variances = features["relu1_1"].var(axis=(1, 2))
        expected = np.mean(variances / (variances + epsilon), axis=1) / energy
        np.testing.assert_allclose(actual, expected, rtol=1e-4)

    @pytest.mark.parametrize(
        ("scaling", "measure"),
        [("johnson2016", np.mean), ("gatys2016", lambda s, axis: s.sum(axis) / 2)],
    )
    def test_of_the_papers_need_no_floor(
        self, paintings, features, photo_features, scaling, measure
    ):
        term = ContentTerm(layers="relu1_1")
        comparison = ContentComparison(
            term, NETWORK, paintings[:1], (1.0,), scaling=scaling
        )

        actual = comparison.compare(features, photo_features, 0)

        squares = np.square(features["relu1_1"] - photo_features["relu1_1"])
        expected = measure(squares, axis=(1, 2, 3))
        np.testing.assert_allclose(actual, expected, rtol=1e-5)

    @pytest.mark.parametrize("normalization", ["none", "instance"])
    def test_a_painting_of_one_pixel_in_a_layer_keeps_it_finite(
        self, features, photo_features, normalization
    ):
        term = ContentTerm(layers=LAYERS, normalization=normalization)
        pixel = np.float32([[[200, 30, 90]]])
        comparison = ContentComparison(
            term, NETWORK, [pixel], (1.0,), scaling="relative"
        )
        black = NETWORK(np.zeros((2, 10, 10, 3), "float32"), LAYERS)

        for photo in (black, photo_features):
            assert np.all(np.isfinite(comparison.compare(features, photo, 0)))
