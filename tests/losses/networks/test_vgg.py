import keras
import numpy as np
import pytest

from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.networks.vgg_weights import load_weights

SHALLOW = ("relu1_1", "relu1_2", "relu2_1", "relu2_2")


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).uniform(0, 255, (2, 32, 48, 3)).astype("float32")


@pytest.fixture(scope="module", params=["vgg16", "vgg19"])
def keras_network(request):
    build = {"vgg16": keras.applications.VGG16, "vgg19": keras.applications.VGG19}
    return request.param, build[request.param](include_top=False, weights=None)


def compute_keras_features(network, images, layers):
    preprocess = keras.applications.vgg16.preprocess_input
    names = [layer.replace("relu", "block").replace("_", "_conv") for layer in layers]
    outputs = [network.get_layer(name).output for name in names]
    features = keras.Model(network.input, outputs)(preprocess(images.copy()))
    return dict(zip(layers, features, strict=True))


class TestFeatures:
    @pytest.mark.parametrize("suffix", [".h5", ".weights.h5"])
    def test_are_those_of_keras_from_the_file_it_saves(
        self, keras_network, images, suffix, tmp_path
    ):
        name, network = keras_network
        path = tmp_path / f"vgg{suffix}"
        (network.save_weights if suffix == ".weights.h5" else network.save)(path)
        layers = ("relu1_2", "relu2_2", "relu3_3", "relu4_3", "relu5_1")

        actual = make_loss_network(name, layers, weights=path)(images, layers)

        for layer, expected in compute_keras_features(network, images, layers).items():
            scale = np.abs(expected).max()
            np.testing.assert_allclose(actual[layer], expected, atol=1e-5 * scale)

    def test_come_only_for_the_layers_asked_for(self, images):
        network = make_loss_network("vgg16", ("relu2_1", "relu1_1"), weights="random")

        assert set(network(images, ("relu1_1",))) == {"relu1_1"}
        assert set(network.weights) == {"block1_conv1", "block1_conv2", "block2_conv1"}

    def test_before_the_relu_are_those_after_it_where_positive(self, images):
        layers = ("conv1_2", "relu1_2")
        before, after = make_loss_network("vgg16", layers, weights="random")(
            images, layers
        ).values()

        assert np.min(before) < 0
        np.testing.assert_array_equal(np.maximum(before, 0), after)

    def test_average_pooling_halves_by_the_mean(self, images):
        weights = load_weights("random")
        layers = ("relu1_2", "conv2_1")
        network = make_loss_network(
            "vgg16", layers, weights="random", pooling="average"
        )
        features = network(images, layers)
        x = np.asarray(features["relu1_2"])
        means = x.reshape(2, 16, 2, 24, 2, 64).mean(axis=(2, 4))
        kernel, bias = weights["block2_conv1"]

        expected = keras.ops.conv(means, kernel, padding="same") + bias

        np.testing.assert_allclose(features["conv2_1"], expected, rtol=1e-3, atol=1e-2)

    def test_random_weights_keep_the_activations_in_scale(self, images):
        layers = ("relu1_1", "relu5_3")

        features = make_loss_network("vgg16", layers, weights="random")(images, layers)

        spread = [float(np.asarray(features[layer]).std()) for layer in layers]
        assert 0.1 < spread[1] / spread[0] < 10

    def test_bfloat16_is_near_float32(self, images):
        exact = make_loss_network("vgg16", SHALLOW, weights="random")
        rounded = make_loss_network(
            "vgg16", SHALLOW, weights="random", dtype="bfloat16"
        )

        expected = np.asarray(exact(images, SHALLOW)["relu2_2"])
        actual = np.asarray(rounded(images, SHALLOW)["relu2_2"])

        assert actual.dtype == "bfloat16"
        actual = actual.astype("float32")
        assert np.abs(actual - expected).mean() < 0.02 * np.abs(expected).mean()
