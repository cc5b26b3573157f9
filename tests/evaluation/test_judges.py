"""Deep networks as judges, against the formulas in NumPy."""

import numpy as np
import pytest
from scipy import ndimage
import scipy.special
import skimage.data

from fast_style.config.loss_terms import StyleTerm
from fast_style.config.train_config import TrainConfig
from fast_style.evaluation.judge_networks import load_judge
from fast_style.evaluation.judge_specs import JUDGES
from fast_style.evaluation.judges import Judge
from fast_style.evaluation.judges import judge_photos
from fast_style.evaluation.judges import judge_strengths
from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.networks.registry import NETWORKS

WEIGHTS = {
    "squeezenet": "loss_networks/squeezenet_v1.0.npz",
    "resnet50": "loss_networks/resnet50_stages_1_3.npz",
    "vgg19": "vgg19/vgg19_conv.npz",
}


@pytest.fixture
def pictures(rng):
    noise = rng.uniform(0, 255, (3, 48, 56, 3))
    return ndimage.gaussian_filter(noise, (0, 2, 2, 0)).astype("float32")


@pytest.fixture
def network():
    return load_judge("vgg19", "random")


def make_config(*terms):
    terms = {f"term{i}": term for i, term in enumerate(terms)}
    return TrainConfig(style_image="x.jpg", train_images="photos", terms=terms)


def measure(features):
    """Means and covariance, in NumPy."""
    flat = np.asarray(features, "float64").reshape(-1, features.shape[-1])
    return flat.mean(axis=0), np.cov(flat.T, bias=True)


def compute_style_distance(name, features, painted):
    temperature = JUDGES[name].style.temperature
    distances = []
    for layer in JUDGES[name].style.layers:
        one, other = np.asarray(features[layer]), np.asarray(painted[layer])
        if temperature:
            one, other = (
                x.size * scipy.special.softmax(x / temperature) for x in (one, other)
            )
        pairs = zip(measure(one), measure(other), strict=True)
        distances.append(
            sum(np.linalg.norm(a - b) / np.linalg.norm(b) for a, b in pairs)
        )
    return np.mean(distances)


def correlate(one, other):
    """Mean of the channels' coefficients of correlation; 0 of constant ones."""
    one, other = (np.asarray(x)[0].reshape(-1, x.shape[-1]).T for x in (one, other))
    pairs = zip(one, other, strict=True)
    return np.mean(
        [np.corrcoef(a, b)[0, 1] if a.std() * b.std() > 0 else 0 for a, b in pairs]
    )


@pytest.mark.parametrize("name", ["resnet50", "vgg19"])
class TestJudge:
    def test_compares_by_the_formulas_of_the_docs(self, pictures, name):
        photo, stylized, painting = pictures
        judge = Judge(name, painting, load_judge(name, "random"))
        spec = JUDGES[name]
        layers = tuple(dict.fromkeys((*spec.style.layers, *spec.content_layers)))
        padding = {"resnet50": "symmetric", "vgg19": "zeros"}[name]
        network = make_loss_network(name, layers, weights="random", padding=padding)
        of_photo, of_stylized, of_painting = (
            network(picture[None], layers) for picture in pictures
        )

        actual = judge.compare(photo, stylized)

        expected = compute_style_distance(name, of_stylized, of_painting)
        assert actual["style"] == pytest.approx(expected, rel=2e-3)
        expected = [correlate(of_stylized[k], of_photo[k]) for k in spec.content_layers]
        assert actual["content"] == pytest.approx(1 - np.mean(expected), abs=2e-3)

    def test_the_photo_keeps_all_content_and_the_painting_all_style(
        self, pictures, name
    ):
        photo, _, painting = pictures
        judge = Judge(name, painting, load_judge(name, "random"))

        of_painting, of_photo = (
            judge.compare(photo, picture) for picture in (painting, photo)
        )

        assert of_painting["style"] < 1e-2 * of_photo["style"]
        # Not 0: some channels of random weights are dead, and agree with nothing.
        assert of_photo["content"] < 0.5 * of_painting["content"]

    def test_palette_and_contrast_are_no_content(self, pictures, name):
        photo, stylized, painting = pictures
        judge = Judge(name, painting, load_judge(name, "random"))

        paler = judge.compare(photo, 128 + 0.5 * (photo - 128))["content"]

        assert paler < 0.5 * judge.compare(photo, stylized)["content"]


# From an implementation that shares nothing with this one but the formulas, of
# `chelsea` reversed as the stylized `chelsea`, and `coffee` as the painting.
@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "style", "content"),
    [
        ("vgg19", 1.6295, 0.4910),
        ("squeezenet", 1.6395, 0.4947),
        ("resnet50", 0.9932, 0.5312),
    ],
)
def test_judges_with_the_real_weights_as_another_implementation(
    data, name, style, content
):
    photo = skimage.data.chelsea()[:256, :384].astype("float32")
    painting = skimage.data.coffee()[:256, :384].astype("float32")
    judge = Judge(name, painting, load_judge(name, data / WEIGHTS[name]))

    actual = judge.compare(photo, 255 - photo)

    # Borders are padded a little differently.
    assert actual["style"] == pytest.approx(style, rel=0.01)
    assert actual["content"] == pytest.approx(content, rel=0.01)


@pytest.mark.parametrize("name", JUDGES)
def test_each_judges_layers_are_its_networks(name):
    layers = (*JUDGES[name].style.layers, *JUDGES[name].content_layers)

    assert set(layers) <= set(NETWORKS[name].layers)


class TestJudgePhotos:
    def judge(self, pictures, network, config):
        photo, stylized, painting = pictures
        return judge_photos(
            {"vgg19": Judge("vgg19", painting, network)},
            {"a": photo, "b": photo},
            [{"stylized": stylized}, {"stylized": photo}],
            config,
        )["vgg19"]

    def test_summarizes_over_the_photos(self, pictures, network):
        photo, stylized, painting = pictures
        judge = Judge("vgg19", painting, network)
        values = [judge.compare(photo, image) for image in (stylized, photo)]

        report = self.judge(pictures, network, None)

        for key in ("style", "content"):
            expected = np.mean([each[key] for each in values])
            assert report[key]["mean"] == pytest.approx(expected, rel=1e-5)
        untouched = values[1]["style"]
        assert report["style_untouched"]["mean"] == pytest.approx(untouched)
        expected = (values[0]["style"] / untouched + 1) / 2
        assert report["style_share"] == pytest.approx(expected, rel=1e-5)

    @pytest.mark.parametrize(
        ("terms", "expected"),
        [
            ((StyleTerm(network="vgg19", layers="relu1_1"),), True),
            ((StyleTerm(network="vgg19", layers="relu1_1", weight=0.0),), False),
            ((StyleTerm(network="vgg16", layers="relu1_1"),), False),
            (None, None),
        ],
        ids=["trained on", "without weight", "another", "unknown"],
    )
    def test_says_whether_the_style_was_trained_on_it(
        self, pictures, network, terms, expected
    ):
        config = None if terms is None else make_config(*terms)

        assert self.judge(pictures, network, config)["is_trained_on"] is expected


def test_strengths_are_judged_each_by_itself(pictures, network):
    photo, stylized, painting = pictures

    def stylize(photo, strength):
        return photo + strength * (stylized - photo)

    judge = Judge("vgg19", painting, network)

    rows = judge_strengths({"vgg19": judge}, {"a": photo}, stylize, (0.0, 1.0))

    assert [row["strength"] for row in rows] == [0.0, 1.0]
    expected = judge.compare(photo, np.round(photo))["content"]
    assert rows[0]["vgg19"]["content"] == pytest.approx(expected, abs=1e-3)
    assert rows[1]["vgg19"]["content"] > 2 * rows[0]["vgg19"]["content"]
    assert judge_strengths({"vgg19": judge}, {}, stylize, (1.0,)) == []
