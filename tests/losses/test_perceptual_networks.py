"""The loss on several networks at once: what is computed, and how often."""

import dataclasses

import numpy as np
import pytest
from scipy import ndimage
from scipy.special import softmax
import tensorflow as tf

from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import StyleTerm
from fast_style.losses.making import make_networks
from fast_style.losses.perceptual import PerceptualLoss
from fast_style.losses.pyramid import gaussian_pyramid

TERMS = {
    "motifs": StyleTerm(
        network="squeezenet",
        network_weights="random",
        layers=("fire2", "fire3"),
        layer_weights=(0.3, 0.7),
        temperature=20.0,
        weight=4.0,
    ),
    "layout": ContentTerm(
        network="squeezenet",
        network_weights="random",
        layers="fire4",
        normalization="instance",
        weight=0.5,
    ),
    "outlines": ContentTerm(layers=("relu2_2", "relu2_1"), levels=(0.0, 1.0)),
    "strokes": StyleTerm(
        layers=("relu1_1", "relu2_1"),
        levels=(0.25, 0.5),
        statistics="gram",
        distance="squared",
        weight=2.0,
    ),
}
FACTORS = {"content_weight": 3.0, "style_weight": 5.0, "tv_weight": 0.5}


class CountingNetwork:
    """Computes as another network does, and notes each of its passes."""

    def __init__(self, network):
        self.network = network
        self.name = network.name
        self.passes = []

    def __call__(self, images, layers):
        assert len(set(layers)) == len(layers)
        self.passes.append((images.shape[1], set(layers)))
        return self.network(images, layers)


@pytest.fixture(scope="module")
def pictures():
    rng = np.random.default_rng(1)
    smooth = ndimage.gaussian_filter(rng.uniform(0, 255, (3, 40, 44, 3)), (0, 2, 2, 0))
    return (128 + 4 * (smooth - 128)).clip(0, 255).astype("float32")


@pytest.fixture(scope="module")
def networks():
    return make_networks(TERMS)


@pytest.fixture
def counting(networks):
    """The networks of the terms, of which those with the same one share a counter."""
    counters = {id(n): CountingNetwork(n) for n in networks.values()}
    return {name: counters[id(network)] for name, network in networks.items()}


def forget(networks):
    for network in networks.values():
        network.passes.clear()


class TestSum:
    def test_is_that_of_the_formulas_in_numpy(self, pictures, networks):
        loss = PerceptualLoss(TERMS, networks, pictures[0], **FACTORS)

        actual = loss(content=pictures[1:2], stylized=pictures[2:3])

        def look(name, layer, level=0):
            levels = [gaussian_pyramid(p[None], 2)[level] for p in pictures]
            every = [networks[name](p, (layer,))[layer][0] for p in levels]
            return [np.asarray(f, "float64") for f in every]

        expected = dict.fromkeys(TERMS, 0.0)
        for layer, weight in (("fire2", 0.3), ("fire3", 0.7)):
            style, _, image = look("motifs", layer)
            style, image = (
                (f.size * softmax(f / 20)).reshape(-1, f.shape[-1])
                for f in (style, image)
            )
            for of in (lambda f: f.mean(axis=0), lambda f: np.cov(f.T, bias=True)):
                distance = np.sum((of(image) - of(style)) ** 2) / np.sum(of(style) ** 2)
                expected["motifs"] += 5 * 4 * weight * np.sqrt(distance)
        features = look("layout", "fire4")
        epsilon = 0.1 * features[0].var(axis=(0, 1)).mean()
        style, photo, image = (
            (f - f.mean(axis=(0, 1))) / np.sqrt(f.var(axis=(0, 1)) + epsilon)
            for f in features
        )
        energy = max(np.mean(photo**2), 0.1 * np.mean(style**2))
        expected["layout"] = 3 * 0.5 * np.mean((image - photo) ** 2) / energy
        for layer in ("relu2_1", "relu2_2"):
            style, photo, image = look("outlines", layer, level=1)
            energy = max(np.mean(photo**2), 0.1 * np.mean(style**2))
            expected["outlines"] += 3 * 0.5 * np.mean((image - photo) ** 2) / energy
        for level, share in ((0, 0.25), (1, 0.5)):
            for layer in ("relu1_1", "relu2_1"):
                grams = [
                    np.einsum("hwc,hwd->cd", f, f) / f.size
                    for f in look("strokes", layer, level)
                ]
                distance = np.sum((grams[2] - grams[0]) ** 2) / np.sum(grams[0] ** 2)
                expected["strokes"] += 5 * 2 * share * 0.5 * distance
        rough = [
            sum(np.square(np.diff(p, axis=axis)).mean() for axis in (0, 1))
            for p in pictures
        ]
        expected["tv"] = 0.5 * rough[2] / rough[0]
        assert min(expected.values()) > 1e-3
        for name, value in expected.items():
            assert float(actual[name]) == pytest.approx(value, rel=1e-3), name

    def test_has_the_terms_in_their_order_and_the_total_variation_last(
        self, pictures, networks
    ):
        for names in (list(TERMS), sorted(TERMS)):
            terms = {name: TERMS[name] for name in names}
            loss = PerceptualLoss(terms, networks, pictures[0], **FACTORS)

            actual = loss(content=pictures[1:2], stylized=pictures[2:3])

            assert loss.names == tuple(actual) == (*names, "tv")
            assert loss.weights == {
                "motifs": 4.0 * 5.0,
                "layout": 0.5 * 3.0,
                "outlines": 3.0,
                "strokes": 2.0 * 5.0,
                "tv": 0.5,
            }

    def test_of_a_term_does_not_depend_on_the_others(self, pictures, networks):
        together = PerceptualLoss(TERMS, networks, list(pictures[:2]), **FACTORS)(
            content=pictures[1:], stylized=pictures[:2]
        )

        for name, term in TERMS.items():
            alone = PerceptualLoss(
                {name: term}, networks, list(pictures[:2]), **FACTORS
            )(content=pictures[1:], stylized=pictures[:2])
            np.testing.assert_allclose(alone[name], together[name], rtol=1e-5)

    def test_is_the_same_in_a_graph_that_does_not_know_the_size(
        self, pictures, networks
    ):
        loss = PerceptualLoss(TERMS, networks, pictures[0], **FACTORS)
        signature = [tf.TensorSpec((None, None, None, 3))] * 2

        @tf.function(input_signature=signature)
        def compiled(content, stylized):
            with tf.GradientTape() as tape:
                tape.watch(stylized)
                terms = loss(content, stylized)
                total = sum(terms.values())
            return terms, tape.gradient(total, stylized)

        actual, gradient = compiled(pictures[1:2], pictures[2:3])

        expected = loss(content=pictures[1:2], stylized=pictures[2:3])
        for name, value in expected.items():
            np.testing.assert_allclose(actual[name], value, rtol=1e-4)
        assert np.all(np.isfinite(gradient))
        assert np.abs(gradient).max() > 0


class TestPasses:
    def test_are_one_per_network_picture_and_level(self, pictures, counting):
        loss = PerceptualLoss(TERMS, counting, pictures[0], **FACTORS)
        deep, shallow = counting["motifs"], counting["strokes"]
        forget(counting)

        photo = loss.content_features(pictures[1:2])

        assert deep.passes == [(40, {"fire4"})]
        assert shallow.passes == [(20, {"relu2_1", "relu2_2"})]
        for _ in range(2):
            forget(counting)
            loss.compare(photo, pictures[2:3])
            assert deep.passes == [(40, {"fire2", "fire3", "fire4"})]
            assert shallow.passes == [
                (40, {"relu1_1", "relu2_1"}),
                (20, {"relu1_1", "relu2_1", "relu2_2"}),
            ]

    @pytest.mark.parametrize("name", TERMS)
    def test_of_a_term_without_weight_are_none(self, pictures, networks, name):
        counting = {k: CountingNetwork(network) for k, network in networks.items()}
        terms = TERMS | {name: dataclasses.replace(TERMS[name], weight=0.0)}

        loss = PerceptualLoss(terms, counting, pictures[0], **FACTORS)
        actual = loss(content=pictures[1:2], stylized=pictures[2:3])

        assert {k for k, network in counting.items() if not network.passes} == {name}
        assert loss.names == (*TERMS, "tv")
        assert {k for k, value in actual.items() if float(value) == 0} == {name}

    def test_of_a_kind_without_weight_are_none(self, pictures, networks):
        for kind in ("style", "content"):
            counting = {k: CountingNetwork(network) for k, network in networks.items()}

            loss = PerceptualLoss(
                TERMS, counting, pictures[0], **FACTORS | {f"{kind}_weight": 0.0}
            )
            actual = loss(content=pictures[1:2], stylized=pictures[2:3])

            off = {name for name, term in TERMS.items() if term.kind == kind}
            assert {k for k, n in counting.items() if not n.passes} == off
            assert {k for k, value in actual.items() if float(value) == 0} == off
