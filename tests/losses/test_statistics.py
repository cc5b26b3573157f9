import numpy as np
import pytest

from fast_style.losses.statistics import channel_statistics
from fast_style.losses.statistics import feature_energy
from fast_style.losses.statistics import gram_matrix
from fast_style.losses.statistics import style_statistics


def make_features(rng, *shape):
    return rng.normal(size=shape).astype("float32")


class TestGramMatrix:
    def test_is_the_scaled_product_of_channels(self, rng):
        features = make_features(rng, 2, 5, 7, 3)
        flat = features.reshape(2, 5 * 7, 3)
        expected = flat.transpose(0, 2, 1) @ flat / (5 * 7 * 3)

        actual = gram_matrix(features)

        np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-6)

    def test_ignores_where_things_are(self, rng):
        features = make_features(rng, 1, 4, 6, 3)
        pixels = rng.permutation(features.reshape(1, 4 * 6, 3), axis=1)
        shuffled = pixels.reshape(features.shape)

        expected = gram_matrix(features)
        actual = gram_matrix(shuffled)

        np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-6)

    @pytest.mark.parametrize("shape", [(7, 3), (5, 7, 3), (1, 1, 5, 7, 3)])
    def test_refuses_anything_but_four_axes(self, shape):
        with pytest.raises(ValueError, match=r"shape \(B, H, W, C\)"):
            gram_matrix(np.zeros(shape, "float32"))


class TestChannelStatistics:
    def test_are_numpys_means_and_covariance(self, rng):
        features = make_features(rng, 2, 5, 7, 3) + 4
        means, covariances = channel_statistics(features)

        for image, mean, covariance in zip(features, means, covariances, strict=True):
            flat = image.reshape(-1, 3)
            np.testing.assert_allclose(mean, flat.mean(axis=0), rtol=1e-5)
            expected = np.cov(flat.T, bias=True) / 3
            np.testing.assert_allclose(covariance, expected, rtol=1e-4, atol=1e-6)

    def test_add_up_to_the_gram_matrix(self, rng):
        features = make_features(rng, 1, 5, 7, 3) + 2
        means, covariances = (np.asarray(s) for s in channel_statistics(features))

        expected = covariances + means[:, :, None] * means[:, None, :] / 3

        np.testing.assert_allclose(gram_matrix(features), expected, rtol=1e-5)


class TestStyleStatistics:
    def test_are_one_gram_matrix_or_means_and_covariances(self, rng):
        features = make_features(rng, 1, 5, 7, 3)

        gram = style_statistics(features, 1)
        both = style_statistics(features, 2)

        assert [x.shape for x in gram] == [(1, 3, 3)]
        assert [x.shape for x in both] == [(1, 3), (1, 3, 3)]
        np.testing.assert_array_equal(gram[0], gram_matrix(features))


def test_feature_energy_is_the_mean_square_of_each_image(rng):
    features = make_features(rng, 2, 5, 7, 3)

    expected = [np.square(image).mean() for image in features]

    np.testing.assert_allclose(feature_energy(features), expected, rtol=1e-5)
