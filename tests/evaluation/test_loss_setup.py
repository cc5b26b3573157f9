import pytest

from fast_style.config.loss_config import LossConfig
from fast_style.config.train_config import TrainConfig
from fast_style.evaluation.loss_setup import load_painting
from fast_style.evaluation.loss_setup import load_train_config
from fast_style.evaluation.loss_setup import make_loss_config
from fast_style.inference.stylizer import Stylizer
from fast_style.samples import STYLE_IMAGE


def make_config(**options):
    return TrainConfig(style_image=str(STYLE_IMAGE), train_images="photos", **options)


class TestLoadTrainConfig:
    def test_is_the_bundled_one_of_a_bundled_style(self):
        config = load_train_config("starry_night")

        assert config.loss_network == "pocket"
        assert "starry_night" in config.style_image

    def test_of_a_function_is_not_known(self):
        assert load_train_config(Stylizer(None)) is None


class TestMakeLossConfig:
    def test_is_that_of_the_training(self):
        config = make_config(style_weight=3.0, style_layers=("relu1_2",))
        loss_config = make_loss_config(config, {})

        assert type(loss_config) is LossConfig
        assert loss_config.style_weight == 3.0
        assert loss_config.style_layers == ("relu1_2",)
        assert make_loss_config(None, {}) == LossConfig()

    def test_weights_of_layers_go_with_the_layers(self):
        config = make_config(
            style_layers=("relu1_1", "relu1_2"), style_layer_weights=(0.2, 0.8)
        )

        assert make_loss_config(config, {}).style_layer_weights == (0.2, 0.8)
        other = make_loss_config(config, {"style_layers": ("relu2_1",)})
        assert other.style_layer_weights == ()

    def test_a_file_of_weights_goes_with_its_network(self):
        config = make_config(loss_network_weights="mine.npz", loss_network="vgg19")

        other = make_loss_config(config, {"loss_network": "pocket"})

        assert (other.loss_network, other.loss_network_weights) == ("pocket", "")
        assert make_loss_config(config, {}).loss_network_weights == "mine.npz"

    def test_old_names_are_understood_with_a_warning(self):
        with pytest.warns(FutureWarning, match="taken as weights of VGG16"):
            loss_config = make_loss_config(None, {"loss_network_weights": "random"})

        assert loss_config.loss_network == "vgg16"

    def test_weights_belong_to_the_networks_that_the_style_was_trained_with(self):
        config = make_config(loss_network="vgg19", loss_network_weights="imagenet")

        loss_config = make_loss_config(config, {"loss_network_weights": "random"})

        assert loss_config.loss_network == "vgg19"

    def test_an_unknown_field_is_answered_with_the_nearest(self):
        with pytest.raises(TypeError, match="Did you mean 'tv_weight'"):
            make_loss_config(None, {"tv_wait": 1.0})


class TestLoadPainting:
    def test_has_the_size_of_the_training_or_another(self):
        config = make_config(style_image_size=100)

        assert max(load_painting(config).shape) == 100
        assert max(load_painting(config, size=80).shape) == 80
        assert max(load_painting(None, STYLE_IMAGE).shape) == 512

    def test_that_is_gone_must_be_named(self):
        config = TrainConfig(style_image="gone.jpg", train_images="photos")

        with pytest.raises(FileNotFoundError, match=r"gone\.jpg.*`style_image`"):
            load_painting(config)
        with pytest.raises(ValueError, match="`style_image` must name the painting"):
            load_painting(None)
