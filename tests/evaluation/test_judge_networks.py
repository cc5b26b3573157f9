"""Who judges, where some weights are here and others are not."""

import logging

import numpy as np
import pytest

from fast_style.config.loss_terms import StyleTerm
from fast_style.config.train_config import TrainConfig
from fast_style.evaluation.judge_networks import choose_judges
from fast_style.evaluation.judge_networks import load_judges
from fast_style.evaluation.judge_specs import JUDGES
from fast_style.losses.networks.registry import NETWORKS

BUNDLED = {name for name in JUDGES if "bundled" in NETWORKS[name].weights}


@pytest.fixture(autouse=True)
def offline(tmp_path, monkeypatch):
    """No weights of Keras, and no way to get any."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")


def make_config(*terms):
    terms = {f"term{i}": term for i, term in enumerate(terms)}
    return TrainConfig(style_image="x.jpg", train_images="photos", terms=terms)


def list_lines(caplog):
    return [record.getMessage() for record in caplog.records]


class TestChooseJudges:
    def test_bundled_networks_judge_and_others_say_what_to_pass(self, caplog):
        with caplog.at_level(logging.INFO):
            chosen = choose_judges((), None)

        assert chosen == dict.fromkeys(BUNDLED, "bundled")
        lines = list_lines(caplog)
        assert len(lines) == len(JUDGES) - len(BUNDLED)
        (line,) = [line for line in lines if line.startswith("resnet50")]
        assert "--judges=resnet50=FILE, or --judges=resnet50=imagenet" in line
        assert "\n" not in line

    def test_those_that_are_named_have_the_weights_that_are_named(self):
        chosen = choose_judges(("resnet50=a/b.npz", "vgg19=imagenet"), None)

        assert chosen == {
            **dict.fromkeys(BUNDLED, "bundled"),
            "resnet50": "a/b.npz",
            "vgg19": "imagenet",
        }

    def test_a_name_alone_downloads_nothing(self, caplog):
        assert "vgg19" not in choose_judges(("vgg19",), None)
        assert any("vgg19 does not judge" in line for line in list_lines(caplog))

    def test_networks_of_the_training_judge_if_their_weights_are_there(self, tmp_path):
        here = tmp_path / "vgg19.h5"
        here.touch()
        config = make_config(
            StyleTerm(network="vgg19", network_weights=here, layers="relu1_1"),
            StyleTerm(network="resnet50", network_weights="gone.h5", layers="conv1"),
            StyleTerm(network="pocket", layers="relu1_1"),
        )

        chosen = choose_judges((), config)

        assert chosen == {**dict.fromkeys(BUNDLED, "bundled"), "vgg19": str(here)}

    def test_random_weights_judge_nothing(self):
        term = StyleTerm(network="vgg19", network_weights="random", layers="relu1_1")

        assert "vgg19" not in choose_judges((), make_config(term))

    def test_one_that_there_is_not_is_refused_with_the_nearest(self):
        with pytest.raises(ValueError, match=r"'resnet5'.*Did you mean 'resnet50'"):
            choose_judges(("resnet5",), None)


class TestLoadJudges:
    def test_without_network_a_judge_of_imagenet_is_left_out(self, caplog):
        networks = load_judges(("vgg19=imagenet",), None)

        assert networks.keys() == BUNDLED
        (line,) = [line for line in list_lines(caplog) if "downloaded. Pass" in line]
        assert line.startswith("vgg19 does not judge")
        assert line.endswith("--judges=vgg19=FILE")

    def test_a_file_that_is_named_and_not_there_is_an_error(self):
        with pytest.raises(FileNotFoundError, match=r"'gone\.npz'"):
            load_judges(("vgg19=gone.npz",), None)

    def test_a_network_is_as_deep_as_its_judge_looks(self):
        networks = load_judges(("vgg19=random",), None)

        features = networks["vgg19"](np.zeros((1, 32, 32, 3)), ("relu5_1", "relu4_2"))
        assert features["relu5_1"].shape == (1, 2, 2, 512)
        assert "block5_conv2" not in networks["vgg19"].weights
