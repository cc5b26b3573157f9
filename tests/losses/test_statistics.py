import numpy as np
import pytest
from scipy.special import softmax
import tensorflow as tf

from fast_style.losses.statistics import channel_statistics
from fast_style.losses.statistics import feature_energy
from fast_style.losses.statistics import feature_variance
from fast_style.losses.statistics import gram_matrix
from fast_style.losses.statistics import normalize_channels
from fast_style.losses.statistics import smooth
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

    @pytest.mark.parametrize("dtype", ["float32", "float64"])
    def test_have_the_gradient_of_their_formulas(self, rng, dtype):
        features = tf.constant(rng.normal(size=(2, 5, 7, 3)) + 2, dtype)
        of_means, of_covariances = rng.normal(size=(2, 3)), rng.normal(size=(2, 3, 3))

        def plain(x):
            flat = tf.reshape(x, (2, 35, 3))
            means = tf.reduce_mean(flat, axis=1)
            centred = flat - means[:, None]
            return means, tf.matmul(centred, centred, transpose_a=True) / (35 * 3)

        gradients = []
        for function in (channel_statistics, plain):
            with tf.GradientTape() as tape:
                tape.watch(features)
                means, covariances = function(features)
                value = tf.reduce_sum(tf.cast(means, dtype) * of_means) + tf.reduce_sum(
                    tf.cast(covariances, dtype) * of_covariances
                )
            gradients.append(tape.gradient(value, features))

        np.testing.assert_allclose(*gradients, rtol=1e-4, atol=1e-6)

    def test_of_16_bits_are_near_those_of_32(self, rng):
        # Far from 0, where a difference of rounded squares would be of no use.
        features = tf.cast(rng.normal(size=(2, 64, 48, 8)) + 20, "bfloat16")
        exact = channel_statistics(tf.cast(features, "float32"))

        for actual, expected in zip(channel_statistics(features), exact, strict=True):
            assert actual.dtype == tf.float32
            error = np.linalg.norm(actual - expected) / np.linalg.norm(expected)
            assert error < 0.01

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


def test_feature_variance_is_the_mean_of_the_channels_variances(rng):
    features = make_features(rng, 2, 5, 7, 3) * (1, 2, 9) + 4

    expected = [image.reshape(-1, 3).var(axis=0).mean() for image in features]

    np.testing.assert_allclose(feature_variance(features), expected, rtol=1e-5)


class TestNormalizeChannels:
    def test_gives_each_channel_of_each_image_mean_0_and_variance_1(self, rng):
        features = (make_features(rng, 2, 5, 7, 3) * (1, 2, 9) + 4).astype("float32")

        normalized = np.asarray(normalize_channels(features, 1e-8))

        np.testing.assert_allclose(normalized.mean(axis=(1, 2)), 0, atol=1e-5)
        np.testing.assert_allclose(normalized.var(axis=(1, 2)), 1, rtol=1e-4)

    def test_adds_epsilon_to_the_variance(self, rng):
        features = make_features(rng, 2, 5, 7, 3)

        normalized = normalize_channels(features, 0.5)

        means = features.mean(axis=(1, 2), keepdims=True)
        variances = features.var(axis=(1, 2), keepdims=True)
        expected = (features - means) / np.sqrt(variances + 0.5)
        np.testing.assert_allclose(normalized, expected, rtol=1e-4, atol=1e-5)

    def test_ignores_colour_and_contrast(self, rng):
        features = make_features(rng, 1, 5, 7, 3)
        other = (features * (3, 2, 9) + (40, -6, 1)).astype("float32")

        expected = normalize_channels(features, 1e-8)
        actual = normalize_channels(other, 1e-8)

        np.testing.assert_allclose(actual, expected, rtol=1e-3, atol=1e-4)

    @pytest.mark.parametrize("epsilon", [0.0, 0.1])
    def test_of_a_single_pixel_or_a_plain_channel_is_zero(self, epsilon):
        for shape in ((2, 1, 1, 3), (1, 4, 4, 3)):
            normalized = normalize_channels(np.full(shape, 5.0, "float32"), epsilon)

            np.testing.assert_array_equal(normalized, np.zeros(shape))


class TestSmooth:
    @pytest.mark.parametrize("temperature", [0.3, 1.0, 20.0])
    def test_is_scipys_softmax_over_each_image_with_mean_one(self, rng, temperature):
        features = 5 * make_features(rng, 2, 5, 7, 3)

        smoothed = smooth(features, temperature)

        for image, actual in zip(features, np.asarray(smoothed), strict=True):
            expected = image.size * softmax(image / temperature)
            np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-6)
            assert actual.mean() == pytest.approx(1, rel=1e-4)

    def test_at_temperature_zero_changes_nothing(self, rng):
        features = make_features(rng, 2, 5, 7, 3)

        np.testing.assert_array_equal(smooth(features, 0.0), features)

    def test_evens_out_the_more_the_higher_the_temperature(self, rng):
        features = make_features(rng, 1, 5, 7, 3)

        spreads = [np.ptp(smooth(features, t)) for t in (0.5, 2.0, 1e4)]

        assert spreads[0] > spreads[1] > spreads[2]
        assert spreads[2] < 1e-3

    def test_of_huge_activations_and_of_float16_are_finite(self, rng):
        features = (1e4 * make_features(rng, 1, 5, 7, 3)).astype("float16")

        smoothed = np.asarray(smooth(features, 1e-3))

        assert smoothed.dtype == np.float32
        assert smoothed.sum() == pytest.approx(5 * 7 * 3)

    def test_is_the_same_in_a_graph_that_does_not_know_the_size(self, rng):
        features = make_features(rng, 2, 5, 7, 3)
        signature = [tf.TensorSpec((None, None, None, 3))]

        compiled = tf.function(lambda x: smooth(x, 0.5), input_signature=signature)

        np.testing.assert_allclose(compiled(features), smooth(features, 0.5), rtol=1e-5)
