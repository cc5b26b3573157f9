import numpy as np
import pytest
from scipy.special import softmax

from fast_style.config.loss_config import LossConfig
from fast_style.config.loss_terms import KINDS
from fast_style.losses.comparisons import COMPARISONS
from fast_style.losses.statistics import channel_statistics
from fast_style.losses.statistics import gram_matrix
from fast_style.losses.terms import content_loss
from fast_style.losses.terms import style_loss
from fast_style.losses.terms import total_variation_loss


def make_features(rng, *shape):
    return rng.normal(size=shape).astype("float32")


def test_each_kind_of_term_has_its_factor_in_the_config_and_its_comparison():
    weights = [field for field in vars(LossConfig()) if field.endswith("_weight")]

    assert weights == ["content_weight", "style_weight", "tv_weight"]
    assert {f"{kind}_weight" for kind in KINDS} | {"tv_weight"} == set(weights)
    assert COMPARISONS.keys() == KINDS.keys()


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

    def test_the_l2_distance_is_the_root_of_the_squared_one(self, rng):
        features = {"relu1_1": make_features(rng, 2, 4, 4, 3)}
        style = make_features(rng, 1, 5, 5, 3)
        grams = (gram_matrix(features["relu1_1"]), gram_matrix(style))

        loss = style_loss(
            features, {"relu1_1": (grams[1],)}, {"relu1_1": 2.0}, distance="l2"
        )

        difference = np.linalg.norm(grams[0] - grams[1], axis=(1, 2))
        own = np.linalg.norm(grams[1], axis=(1, 2))
        np.testing.assert_allclose(loss, 2 * difference / own, rtol=1e-4)

    def test_gatys_form_is_a_quarter_of_the_sum_of_squares(self, rng):
        features = {"relu1_1": make_features(rng, 2, 4, 4, 3)}
        gram = gram_matrix(make_features(rng, 1, 5, 5, 3))

        loss = style_loss(
            features, {"relu1_1": (gram,)}, {"relu1_1": 2.0}, scaling="gatys2016"
        )

        difference = np.asarray(gram_matrix(features["relu1_1"])) - np.asarray(gram)
        expected = 2 * np.square(difference).sum(axis=(1, 2)) / 4
        np.testing.assert_allclose(loss, expected, rtol=1e-5)

    @pytest.mark.parametrize("temperature", [0.5, 2.0])
    def test_with_a_temperature_compares_what_a_softmax_evens_out(
        self, rng, temperature
    ):
        images, style = make_features(rng, 2, 4, 4, 3), make_features(rng, 1, 5, 5, 3)

        def compute_gram(image):
            flat = image.reshape(-1, 3)
            flat = flat.size * softmax(flat / temperature)
            return flat.T @ flat / flat.size

        target = compute_gram(style)
        loss = style_loss(
            {"relu1_1": images},
            {"relu1_1": (target[None],)},
            {"relu1_1": 3.0},
            temperature=temperature,
        )

        expected = [np.square(compute_gram(image) - target).sum() for image in images]
        expected = 3 * np.divide(expected, np.square(target).sum())
        np.testing.assert_allclose(loss, expected, rtol=1e-4)

    @pytest.mark.parametrize("distance", ["plain", "L2", ""])
    def test_other_distances_are_refused(self, rng, distance):
        features = {"relu1_1": make_features(rng, 1, 4, 4, 3)}
        targets = {"relu1_1": channel_statistics(features["relu1_1"])}

        with pytest.raises(ValueError, match='"squared" or "l2"'):
            style_loss(features, targets, {"relu1_1": 1.0}, distance=distance)


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
