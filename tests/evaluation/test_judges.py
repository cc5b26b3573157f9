"""Deep networks as judges, against the formulas in NumPy."""

import numpy as np
import pytest
from scipy import ndimage
import scipy.special

from fast_style.config.loss_config import LossConfig
from fast_style.config.loss_terms import StyleTerm
from fast_style.config.train_config import TrainConfig
from fast_style.evaluation.judge_specs import JUDGES
from fast_style.evaluation.judges import choose_judges
from fast_style.evaluation.judges import Judge
from fast_style.evaluation.judges import judge_photos
from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.networks.registry import NETWORKS


@pytest.fixture
def pictures(rng):
    noise = rng.uniform(0, 255, (3, 48, 56, 3))
    return ndimage.gaussian_filter(noise, (0, 2, 2, 0)).astype("float32")


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


@pytest.mark.parametrize(
    ("name", "weights"), [("squeezenet", ""), ("resnet50", "random")]
)
class TestJudge:
    def test_compares_by_the_formulas_of_the_docs(self, pictures, name, weights):
        photo, stylized, painting = pictures
        judge = Judge(name, painting, weights=weights)
        spec = JUDGES[name]
        layers = tuple(dict.fromkeys((*spec.style.layers, *spec.content_layers)))
        network = make_loss_network(name, layers, weights=weights, padding="symmetric")
        of_photo, of_stylized, of_painting = (
            network(picture[None], layers) for picture in pictures
        )
        content = [
            np.mean(np.square(of_stylized[layer] - of_photo[layer]))
            / np.mean(np.square(of_photo[layer]))
            for layer in spec.content_layers
        ]

        actual = judge.compare(photo, stylized)

        expected = compute_style_distance(name, of_stylized, of_painting)
        assert actual["style"] == pytest.approx(expected, rel=2e-3)
        assert actual["content"] == pytest.approx(np.mean(content), rel=1e-3)

    def test_the_photo_keeps_all_content_and_the_painting_all_style(
        self, pictures, name, weights
    ):
        photo, _, painting = pictures
        judge = Judge(name, painting, weights=weights)

        assert judge.compare(photo, photo)["content"] == 0
        of_painting, of_photo = (
            judge.compare(photo, picture)["style"] for picture in (painting, photo)
        )
        assert of_painting < 1e-2 * of_photo


@pytest.mark.parametrize("name", JUDGES)
def test_each_judges_layers_are_its_networks(name):
    layers = (*JUDGES[name].style.layers, *JUDGES[name].content_layers)

    assert set(layers) <= set(NETWORKS[name].layers)


class TestChooseJudges:
    def test_squeezenet_always_judges(self):
        assert choose_judges((), None) == {"squeezenet": ""}

    def test_others_are_named_with_their_weights_or_without(self):
        chosen = choose_judges(("resnet50=a/b.npz", "vgg16"), None)

        assert chosen == {"squeezenet": "", "resnet50": "a/b.npz", "vgg16": ""}

    def test_networks_of_the_training_judge_if_their_weights_are_there(self, tmp_path):
        here = tmp_path / "vgg19.h5"
        here.touch()
        config = make_config(
            StyleTerm(network="vgg19", network_weights=here, layers="relu1_1"),
            StyleTerm(network="vgg16", network_weights="gone.h5", layers="relu1_1"),
            StyleTerm(network="pocket", layers="relu1_1"),
        )

        chosen = choose_judges((), config)

        assert chosen == {"squeezenet": "", "vgg19": str(here)}

    def test_random_weights_judge_nothing(self):
        term = StyleTerm(network="vgg16", network_weights="random", layers="relu1_1")

        assert choose_judges((), make_config(term)) == {"squeezenet": ""}

    def test_one_that_there_is_not_is_refused_with_the_nearest(self):
        with pytest.raises(ValueError, match=r"'resnet5'.*Did you mean 'resnet50'"):
            choose_judges(("resnet5",), None)


class TestJudgePhotos:
    def judge(self, pictures, config):
        photo, stylized, painting = pictures
        return judge_photos(
            {"squeezenet": ""},
            painting,
            {"a": photo, "b": photo},
            [{"stylized": stylized}, {"stylized": photo}],
            config,
        )["squeezenet"]

    def test_summarizes_over_the_photos(self, pictures):
        photo, stylized, painting = pictures
        judge = Judge("squeezenet", painting)
        values = [judge.compare(photo, image) for image in (stylized, photo)]

        report = self.judge(pictures, None)

        for key in ("style", "content"):
            expected = np.mean([each[key] for each in values])
            assert report[key]["mean"] == pytest.approx(expected, rel=1e-5)
        assert report["style_untouched"]["mean"] == pytest.approx(values[1]["style"])

    @pytest.mark.parametrize(
        ("terms", "expected"),
        [
            (LossConfig().terms.values(), True),
            ((StyleTerm(network="squeezenet", layers="fire4", weight=0.0),), False),
            ((StyleTerm(network="pocket", layers="relu1_1"),), False),
            (None, None),
        ],
        ids=["default", "without weight", "pocket", "unknown"],
    )
    def test_says_whether_the_style_was_trained_on_it(self, pictures, terms, expected):
        config = None if terms is None else make_config(*terms)

        assert self.judge(pictures, config)["is_trained_on"] is expected
