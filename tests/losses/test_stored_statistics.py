"""Statistics of a painting stand for its pixels."""

import numpy as np
import pytest

from fast_style import samples
from fast_style.config.loss_config import LossConfig
from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import StyleTerm
from fast_style.io.images import load_resized
from fast_style.losses.making import make_networks
from fast_style.losses.making import make_perceptual_loss
from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.stored_statistics import compress_covariances
from fast_style.losses.stored_statistics import measure_statistics
from fast_style.losses.stored_statistics import probe
from fast_style.losses.stored_statistics import read_statistics
from fast_style.losses.stored_statistics import StoredStatistics
from fast_style.losses.stored_statistics import write_statistics
from fast_style.losses.targets import compute_total_variation

OF_NETWORK = {"network": "vgg16", "network_weights": "random"}


def make_terms(**changes):
    layers = {"layers": ("relu1_2", "relu2_1"), "levels": (0.7, 0.3)}
    return {
        "style": StyleTerm(**OF_NETWORK, **layers, **changes),
        "content": ContentTerm(**OF_NETWORK, **layers, normalization="instance"),
        "plain": ContentTerm(**OF_NETWORK, layers="relu2_1"),
    }


@pytest.fixture(scope="module")
def painting():
    return load_resized(samples.STYLE_IMAGE, 96)


@pytest.fixture(scope="module")
def stylized():
    return load_resized(samples.CONTENT_IMAGE, 64)


def store(painting, terms):
    networks = make_networks(terms)
    arrays = {
        "shape": np.array(painting.shape),
        "total_variation": compute_total_variation(painting),
    }
    for name, term in terms.items():
        arrays |= measure_statistics(painting, term, networks[name], tolerance=0.04)
    return arrays


@pytest.mark.parametrize(
    "changes",
    [{}, {"statistics": "gram", "distance": "squared"}, {"temperature": 2.0}],
    ids=["covariance", "gram", "smoothed"],
)
def test_losses_are_those_of_the_painting(painting, stylized, changes):
    config = LossConfig(terms=make_terms(**changes))
    statistics = StoredStatistics(store(painting, config.terms))
    photo = np.flip(stylized, axis=1)

    expected, actual = (
        make_perceptual_loss(config, image)(photo[None], stylized[None])
        for image in (painting, statistics)
    )

    for name, value in expected.items():
        # Of the style a little is left out; all else is whole.
        tolerance = 0.03 if name == "style" else 1e-4
        assert float(actual[name]) == pytest.approx(float(value), rel=tolerance), name


def test_a_file_holds_all_of_them(painting, stylized, tmp_path):
    config = LossConfig(terms=make_terms())
    arrays = store(painting, config.terms)
    write_statistics(arrays, tmp_path / "painting.npz")

    read = read_statistics(tmp_path / "painting.npz")

    assert read.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_allclose(read[name], array, rtol=1e-6, err_msg=name)
    assert StoredStatistics(read).shape == painting.shape


def test_what_was_not_measured_is_an_error_that_says_what_to_name(painting):
    terms = make_terms()
    statistics = StoredStatistics(store(painting, terms))
    terms["style"].levels = (0.5, 0.25, 0.25)

    with pytest.raises(ValueError, match=r"lacks vgg16/symmetric/relu1_2/2/0\. Name"):
        make_perceptual_loss(LossConfig(terms=terms), statistics)


def test_a_network_with_other_weights_is_an_error(painting):
    terms = make_terms()
    statistics = StoredStatistics(store(painting, terms))

    with pytest.raises(ValueError, match="by vgg16 with other weights"):
        make_perceptual_loss(LossConfig(terms=terms), statistics, seed=1)


def test_weights_of_eight_bits_are_no_other_weights():
    network = make_loss_network("vgg16", ("relu4_1",), weights="random")
    exact = probe(network, "relu4_1")
    for name, (kernel, bias) in network.weights.items():
        step = np.abs(kernel).max() / 127
        network.weights[name] = (np.round(kernel / step) * step, bias)

    difference = probe(network, "relu4_1") - exact

    assert 0 < np.linalg.norm(difference) < 0.05 * np.linalg.norm(exact)


def test_few_columns_are_nearly_all_of_a_covariance(rng):
    strong = rng.normal(size=(40, 3))
    covariances = strong @ strong.T + np.diag(rng.uniform(0, 1, 40))

    columns, scales = compress_covariances(covariances, 0.05)

    assert columns.dtype == "int8"
    assert columns.shape[1] == len(scales) <= 4
    rest = covariances - (columns * scales) @ (columns * scales).T
    rest -= np.diag(np.diag(rest))
    assert np.linalg.norm(rest) <= 0.06 * np.linalg.norm(covariances)
    assert compress_covariances(np.diag([1.0, 2.0]), 0.05)[0].shape == (2, 0)


@pytest.mark.parametrize("content", [b"no file of arrays", None])
def test_another_file_is_refused(content, tmp_path):
    path = tmp_path / "painting.npz"
    if content:
        path.write_bytes(content)
    else:
        np.savez(path, shape=np.zeros(3))

    with pytest.raises(ValueError, match=r"painting\.npz"):
        read_statistics(path)
