"""The loss of all parts together, against its parts."""

import numpy as np
import pytest
from scipy import ndimage

from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import StyleTerm
from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.networks.pocket import RGB_MEAN
from fast_style.losses.perceptual import PerceptualLoss
from fast_style.losses.pyramid import gaussian_pyramid
from fast_style.losses.statistics import channel_statistics
from fast_style.losses.terms import content_loss
from fast_style.losses.terms import style_loss
from fast_style.losses.terms import total_variation_loss

NAMES = ("content", "style", "tv")


@pytest.fixture(scope="module")
def pictures():
    rng = np.random.default_rng(1)
    smooth = ndimage.gaussian_filter(rng.uniform(0, 255, (3, 40, 40, 3)), (0, 2, 2, 0))
    return smooth.astype("float32")


def make_loss(style_image, *, style=None, content=None, **options):
    vgg = {"network": "vgg16", "network_weights": "random"}
    layers = ("relu1_1", "relu2_1")
    terms = {
        "content": ContentTerm(layers=("relu2_1",), **vgg | (content or {})),
        "style": StyleTerm(
            layers=layers, **vgg | {"distance": "squared"} | (style or {})
        ),
    }
    network = make_loss_network("vgg16", layers, weights="random")
    networks = dict.fromkeys(terms, network)
    return PerceptualLoss(terms, networks, style_image, **options)


class TestPerceptualLoss:
    @pytest.mark.parametrize("normalization", ["none", "instance"])
    def test_style_is_zero_for_the_painting_and_content_for_the_photo(
        self, pictures, normalization
    ):
        loss = make_loss(
            pictures[0],
            style={"levels": (0.2, 0.4, 0.4)},
            content={"levels": (0.5, 0.5), "normalization": normalization},
        )

        of_painting = loss(content=pictures[1:2], stylized=pictures[0:1])
        of_photo = loss(content=pictures[1:2], stylized=pictures[1:2])

        assert float(of_painting["style"]) < 1e-6 < float(of_painting["content"])
        assert float(of_photo["content"]) < 1e-6 < float(of_photo["style"])

    def test_is_the_sum_of_the_single_losses_over_levels(self, pictures):
        loss = make_loss(
            pictures[0],
            style={"levels": (0.4, 0.6)},
            content={"levels": (0.25, 0.75)},
            content_weight=2.0,
            style_weight=3.0,
            tv_weight=5.0,
        )
        network, layers = loss.networks["style"], ("relu1_1", "relu2_1")
        style, photos, images = (gaussian_pyramid(p[None], 2) for p in pictures)
        content_term = style_term = 0.0
        for i, (style_share, content_share) in enumerate(((0.4, 0.25), (0.6, 0.75))):
            features = network(images[i], layers)
            targets = network(photos[i], layers)
            painted = network(style[i], layers)
            content_term += content_share * content_loss(
                features, targets, {"relu2_1": 1.0}
            )
            statistics = {k: channel_statistics(v) for k, v in painted.items()}
            style_term += style_share * style_loss(
                features, statistics, {"relu1_1": 0.5, "relu2_1": 0.5}
            )
        roughness = total_variation_loss(pictures)

        actual = loss(content=pictures[1:2], stylized=pictures[2:3])

        expected_tv = 5.0 * roughness[2] / roughness[0]
        np.testing.assert_allclose(actual["content"], 2 * content_term[0], rtol=1e-4)
        np.testing.assert_allclose(actual["style"], 3 * style_term[0], rtol=1e-4)
        np.testing.assert_allclose(actual["tv"], expected_tv, rtol=1e-4)

    def test_of_two_paintings_is_the_weighted_mean(self, pictures):
        style, other, photo = pictures

        def compute(style_images, weights=()):
            loss = make_loss(style_images, style_image_weights=weights)
            return float(loss(photo[None], photo[None])["style"])

        expected = (3 * compute(style) + compute(other)) / 4
        assert compute([style, other], (3.0, 1.0)) == pytest.approx(expected, rel=1e-5)

    def test_means_over_the_batch(self, pictures):
        loss = make_loss(pictures[0], style_weight=2.0)

        single = [
            float(loss(content=pictures[i : i + 1], stylized=pictures[:1])["content"])
            for i in (1, 2)
        ]
        both = loss(content=pictures[1:], stylized=np.repeat(pictures[:1], 2, axis=0))

        np.testing.assert_allclose(both["content"], np.mean(single), rtol=1e-4)

    def test_without_weights_nothing_counts(self, pictures):
        loss = make_loss(
            pictures[0], content_weight=0.0, style_weight=0.0, tv_weight=0.0
        )

        terms = loss(content=pictures[1:2], stylized=pictures[2:3])

        values = {term: float(value) for term, value in terms.items()}
        assert values == dict.fromkeys(NAMES, 0.0)

    def test_a_photo_counts_with_a_tenth_of_the_paintings_energy_at_least(
        self, pictures
    ):
        loss = make_loss(pictures[0])
        grey = np.broadcast_to(np.float32(RGB_MEAN), (1, 40, 40, 3))
        network = loss.networks["content"]
        features = [
            np.asarray(network(p, ("relu2_1",))["relu2_1"])
            for p in (grey, pictures[:1], pictures[1:2])
        ]

        actual = loss(content=grey, stylized=pictures[1:2])["content"]

        energies = [np.mean(np.square(f)) for f in features]
        assert energies[0] < 0.01 * energies[1]
        expected = np.mean(np.square(features[2] - features[0])) / (0.1 * energies[1])
        np.testing.assert_allclose(actual, expected, rtol=1e-4)

    def test_features_of_a_photo_serve_many_comparisons(self, pictures):
        loss = make_loss(pictures[0], content={"levels": (0.0, 1.0)}, tv_weight=0.5)

        features = loss.content_features(pictures[1:2])

        assert features[0] == {}
        assert features[1].keys() == {"content"}
        assert features[1]["content"].keys() == {"relu2_1"}
        for i in (0, 2):
            stylized = pictures[i : i + 1]
            expected = loss(content=pictures[1:2], stylized=stylized)
            actual = loss.compare(features, stylized)
            assert list(actual) == list(NAMES)
            for term in NAMES:
                np.testing.assert_allclose(actual[term], expected[term], rtol=1e-5)

    @pytest.mark.parametrize("size", [(15, 40), (1, 64), (5, 512)])
    def test_a_painting_too_small_for_the_pyramid_is_refused(self, rng, size):
        painting = rng.uniform(0, 255, (*size, 3)).astype("float32")

        with pytest.raises(ValueError, match=f"at least 16 pixels.*{size[0]} pixels"):
            make_loss(painting, style={"levels": (0.25,) * 4})

    @pytest.mark.parametrize("normalization", ["none", "instance"])
    def test_a_painting_of_the_smallest_size_will_do(self, rng, normalization):
        painting = rng.uniform(0, 255, (16, 17, 3)).astype("float32")
        levels = {"levels": (0.25,) * 4}
        content = levels | {"normalization": normalization}
        loss = make_loss(painting, style=levels, content=content)

        terms = loss(content=painting[None], stylized=painting[None, ::-1])

        assert all(np.isfinite(value) for value in terms.values())

    def test_a_painting_of_one_colour_is_refused(self):
        with pytest.raises(ValueError, match="one plain colour"):
            make_loss(np.full((64, 64, 3), 250.0, "float32"))


class TestChecks:
    @pytest.mark.parametrize(
        "options",
        [
            {"style": {"distance": "plain"}},
            {"style": {"statistics": "mean"}},
            {"content": {"normalization": "batch"}},
            {"scaling": "johnson"},
        ],
        ids=str,
    )
    def test_formulas_that_do_not_exist_are_refused(self, pictures, options):
        ((where, what),) = options.items()
        ((name, value),) = (what if isinstance(what, dict) else options).items()

        with pytest.raises(ValueError, match=f"`{name}` must be.*{name}='{value}'"):
            make_loss(pictures[0], **options)
        if where != "scaling":
            term = {"kind": where, "layers": "relu1_1", "network": "vgg16"} | what
            with pytest.raises(ValueError, match=rf"terms\.motifs.*{name}='{value}'"):
                PerceptualLoss({"motifs": term}, {}, pictures[0])

    def test_weights_of_no_name_are_refused(self, pictures):
        with pytest.raises(TypeError, match="edge_weight"):
            make_loss(pictures[0], edge_weight=1.0)

    def test_terms_of_no_kind_and_of_the_name_of_another_column_are_refused(self):
        term = {"layers": "relu1_1"}

        with pytest.raises(ValueError, match=r"terms\.edges\.kind.*style, content"):
            PerceptualLoss({"edges": {"kind": "edge", **term}}, {}, [])
        with pytest.raises(ValueError, match=r"none of .*tv.*Received: 'tv'"):
            PerceptualLoss({"tv": StyleTerm(**term)}, {}, [])


class TestStylesOfImages:
    def test_each_image_is_compared_with_its_own(self, pictures):
        paintings = [pictures[0], pictures[1][:32]]
        loss = make_loss(paintings)
        photos, stylized = pictures[:2], pictures[1:]

        together = loss(content=photos, stylized=stylized, styles=[1, 0])

        alone = [
            float(
                make_loss(paintings[i])(
                    content=photos[k : k + 1], stylized=stylized[k : k + 1]
                )["style"]
            )
            for k, i in enumerate((1, 0))
        ]
        np.testing.assert_allclose(together["style"], np.mean(alone), rtol=1e-5)

    def test_factors_are_of_the_style_terms_alone(self, pictures):
        loss = make_loss(pictures[0], tv_weight=0.1)
        photos, stylized = pictures[:2], pictures[1:]
        parts = [
            loss(content=photos[k : k + 1], stylized=stylized[k : k + 1])
            for k in range(2)
        ]

        together = loss(content=photos, stylized=stylized, style_factors=[0.5, 2.0])

        expected = 0.5 * (0.5 * parts[0]["style"] + 2 * parts[1]["style"])
        np.testing.assert_allclose(together["style"], expected, rtol=1e-5)
        for name in ("content", "tv"):
            mean = 0.5 * (parts[0][name] + parts[1][name])
            np.testing.assert_allclose(together[name], mean, rtol=1e-4)


def test_with_paintings_each_image_is_compared_with_its_own(pictures):
    style = {"levels": (0.2, 0.4, 0.4)}
    images, paintings = pictures[[0, 1]], pictures[[2, 0]]

    together = make_loss(pictures[1], style=style)(images, images, paintings=paintings)

    alone = [
        float(make_loss(painting, style=style)(image[None], image[None])["style"])
        for image, painting in zip(images, paintings, strict=True)
    ]
    assert float(together["style"]) == pytest.approx(np.mean(alone), rel=1e-4)
