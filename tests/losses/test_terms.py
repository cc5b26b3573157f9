import numpy as np
import pytest
from scipy import ndimage

from fast_style.losses.pyramid import gaussian_pyramid
from fast_style.losses.statistics import channel_statistics
from fast_style.losses.statistics import gram_matrix
from fast_style.losses.terms import content_loss
from fast_style.losses.terms import style_loss
from fast_style.losses.terms import total_variation_loss


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


class TestStyleLoss:
    def test_is_zero_for_the_style_itself(self, rng):
        features = {"relu1_1": make_features(rng, 1, 4, 4, 3)}
        targets = {"relu1_1": channel_statistics(features["relu1_1"])}

        loss = style_loss(features, targets, {"relu1_1": 1.0})

        np.testing.assert_allclose(loss, [0.0], atol=1e-9)

    def test_relative_loss_of_nothing_is_one_for_each_statistic(self, rng):
        style = make_features(rng, 1, 4, 4, 3) + 1
        targets = {"relu1_1": channel_statistics(style)}

        loss = style_loss(
            {"relu1_1": np.zeros((2, 6, 6, 3), "float32")}, targets, {"relu1_1": 0.5}
        )

        np.testing.assert_allclose(loss, [1.0, 1.0], rtol=1e-5)

    def test_relative_loss_does_not_change_with_the_scale_of_the_features(self, rng):
        image, style = make_features(rng, 1, 4, 4, 3), make_features(rng, 1, 5, 5, 3)

        small, large = (
            style_loss(
                {"relu1_1": scale * image},
                {"relu1_1": channel_statistics(scale * style)},
                {"relu1_1": 1.0},
            )
            for scale in (1, 30)
        )

        np.testing.assert_allclose(small, large, rtol=1e-3)

    def test_johnsons_form_is_the_mean_square_of_gram_differences(self, rng):
        images, style = make_features(rng, 2, 4, 4, 3), make_features(rng, 1, 5, 5, 3)

        loss = style_loss(
            {"relu1_1": images},
            {"relu1_1": (gram_matrix(style),)},
            {"relu1_1": 2.0},
            scaling="johnson2016",
        )

        flat, other = images.reshape(2, 16, 3), style.reshape(25, 3)
        grams = flat.transpose(0, 2, 1) @ flat / 48
        expected = 2 * np.square(grams - other.T @ other / 75).mean(axis=(1, 2))
        np.testing.assert_allclose(loss, expected, rtol=1e-5)

    def test_the_plain_distance_is_the_root_of_the_squared_one(self, rng):
        features = {"relu1_1": make_features(rng, 2, 4, 4, 3)}
        style = make_features(rng, 1, 5, 5, 3)
        grams = (gram_matrix(features["relu1_1"]), gram_matrix(style))

        loss = style_loss(
            features, {"relu1_1": (grams[1],)}, {"relu1_1": 2.0}, distance="l2"
        )

        difference = np.linalg.norm(grams[0] - grams[1], axis=(1, 2))
        own = np.linalg.norm(grams[1], axis=(1, 2))
        np.testing.assert_allclose(loss, 2 * difference / own, rtol=1e-4)


class TestContentLoss:
    def test_both_scalings_against_numpy(self, rng):
        images, photos = make_features(rng, 2, 4, 4, 3), make_features(rng, 2, 4, 4, 3)
        squares = np.square(images - photos).mean(axis=(1, 2, 3))
        energy = np.square(photos).mean(axis=(1, 2, 3))

        for scaling, expected in (
            ("johnson2016", 3 * squares),
            ("relative", 3 * squares / energy),
        ):
            loss = content_loss(
                {"relu2_2": images},
                {"relu2_2": photos},
                {"relu2_2": 3.0},
                scaling=scaling,
            )
            np.testing.assert_allclose(loss, expected, rtol=1e-5)

    def test_divides_by_the_floor_where_the_photo_has_next_to_nothing(self, rng):
        images, photos = make_features(rng, 2, 4, 4, 3), make_features(rng, 2, 4, 4, 3)
        photos[0] *= 1e-3
        squares = np.square(images - photos).mean(axis=(1, 2, 3))

        loss = content_loss(
            {"relu2_2": images},
            {"relu2_2": photos},
            {"relu2_2": 1.0},
            floors={"relu2_2": 0.01},
        )

        energy = [0.01, np.square(photos[1]).mean()]
        np.testing.assert_allclose(loss, squares / energy, rtol=1e-5)


class TestTotalVariationLoss:
    def test_johnsons_form_by_hand(self):
        image = np.zeros((1, 2, 3, 1), "float32")
        image[0, 0, 1] = 2.0  # Two steps to the side and one down.

        loss = total_variation_loss(image, scaling="johnson2016")

        np.testing.assert_allclose(loss, [3 * 2.0**2])

    def test_relative_form_against_numpy(self, rng):
        images = rng.uniform(0, 255, (2, 5, 6, 3)).astype("float32")
        pixels = images / 255
        expected = [
            np.square(np.diff(image, axis=0)).mean()
            + np.square(np.diff(image, axis=1)).mean()
            for image in pixels
        ]

        loss = total_variation_loss(images)
        np.testing.assert_allclose(loss, expected, rtol=1e-5)

    def test_is_zero_for_a_plain_colour(self):
        plain = np.full((1, 4, 4, 3), 77.0, "float32")

        np.testing.assert_array_equal(total_variation_loss(plain), [0.0])


class TestGaussianPyramid:
    @pytest.mark.parametrize("size", [(16, 24), (17, 9), (5, 8)])
    def test_each_level_is_scipys_filter_and_every_second_pixel(self, rng, size):
        images = rng.uniform(0, 255, (2, *size, 3)).astype("float32")
        kernel = np.array([1, 4, 6, 4, 1]) / 16

        levels = gaussian_pyramid(images, 2)

        expected = images
        for axis in (1, 2):
            expected = ndimage.convolve1d(expected, kernel, axis=axis, mode="mirror")
        np.testing.assert_array_equal(levels[0], images)
        np.testing.assert_allclose(levels[1], expected[:, ::2, ::2], rtol=1e-4)

    def test_a_plain_colour_stays_what_it_is(self):
        levels = gaussian_pyramid(np.full((1, 32, 32, 3), 200.0, "float32"), 4)

        assert [level.shape[1] for level in levels] == [32, 16, 8, 4]
        for level in levels:
            np.testing.assert_allclose(level, 200.0, rtol=1e-6)
