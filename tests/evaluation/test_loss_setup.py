import pytest

from fast_style.config.loss_config import LossConfig
from fast_style.config.loss_terms import StyleTerm
from fast_style.config.train_config import TrainConfig
from fast_style.evaluation.loss_setup import load_train_config
from fast_style.evaluation.loss_setup import make_loss_config
from fast_style.inference.loaded import LoadedStyle
from fast_style.inference.stylizer import Stylizer
from fast_style.samples import STYLE_IMAGE


def make_config(**options):
    return TrainConfig(style_image=str(STYLE_IMAGE), train_images="photos", **options)


class TestLoadTrainConfig:
    def test_is_the_bundled_one_of_a_bundled_style(self):
        config = load_train_config("starry_night")

        assert "pocket" in config.networks
        assert "starry_night" in config.style_image

    def test_of_a_function_is_not_known(self):
        assert load_train_config(Stylizer(LoadedStyle(function=None))) is None


class TestMakeLossConfig:
    def test_is_that_of_the_training(self):
        config = make_config(
            style_weight=3.0, terms={"mine": StyleTerm(layers="relu1_2")}
        )
        loss_config = make_loss_config(config, {})

        assert type(loss_config) is LossConfig
        assert loss_config.style_weight == 3.0
        assert loss_config.terms == config.terms
        assert make_loss_config(None, {}) == LossConfig()

    def test_fields_of_single_terms_are_replaced(self):
        config = make_config()

        loss_config = make_loss_config(config, {"terms.style.weight": 7.0})

        assert loss_config.terms["style"].weight == 7.0
        assert config.terms["style"].weight != 7.0
        assert loss_config.terms["content"] == config.terms["content"]

    def test_weights_of_layers_go_with_the_layers(self):
        term = StyleTerm(layers=("relu1_1", "relu1_2"), layer_weights=(0.2, 0.8))
        config = make_config(terms={"mine": term})

        same = make_loss_config(config, {})
        other = make_loss_config(config, {"terms.mine.layers": "relu2_1"})

        assert same.terms["mine"].layer_weights == (0.2, 0.8)
        assert other.terms["mine"].layer_weights == ()

    def test_a_file_of_weights_goes_with_its_network(self):
        term = StyleTerm(network="vgg19", network_weights="mine.npz", layers="relu1_1")
        config = make_config(terms={"mine": term})

        same = make_loss_config(config, {}).terms["mine"]
        other = make_loss_config(config, {"terms.mine.network": "pocket"}).terms["mine"]

        assert same.network_weights == "mine.npz"
        assert (other.network, other.network_weights) == ("pocket", "")

    def test_an_unknown_field_is_answered_with_the_nearest(self):
        with pytest.raises(TypeError, match="Did you mean 'tv_weight'"):
            make_loss_config(None, {"tv_wait": 1.0})
