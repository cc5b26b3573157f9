import os
import pickle

import keras
import numpy as np
import pytest

from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.networks.vgg import convolutions_up_to
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


def make_weights(rng, num_blocks=2):
    weights, channels = {}, 3
    for block in range(1, num_blocks + 1):
        for number in (1, 2):
            filters = 64 * block
            kernel = rng.normal(0, 0.05, (3, 3, channels, filters)).astype("float32")
            bias = rng.normal(0, 1, filters).astype("float32")
            weights[f"block{block}_conv{number}"] = (kernel, bias)
            channels = filters
    return weights


class TestFeatures:
    @pytest.mark.parametrize("suffix", [".h5", ".weights.h5"])
    def test_are_those_of_keras_from_the_file_it_saves(
        self, keras_network, images, suffix, tmp_path
    ):
        name, network = keras_network
        path = tmp_path / f"vgg{suffix}"
        (network.save_weights if suffix == ".weights.h5" else network.save)(path)
        layers = ("relu1_2", "relu2_2", "relu3_3", "relu4_3", "relu5_1")

        actual = make_loss_network(layers, name=name, weights=path)(images, layers)

        for layer, expected in compute_keras_features(network, images, layers).items():
            scale = np.abs(expected).max()
            np.testing.assert_allclose(actual[layer], expected, atol=1e-5 * scale)

    def test_come_only_for_the_layers_asked_for(self, images):
        network = make_loss_network(("relu2_1", "relu1_1"), weights="random")

        assert set(network(images, ("relu1_1",))) == {"relu1_1"}
        assert set(network.weights) == {"block1_conv1", "block1_conv2", "block2_conv1"}

    def test_before_the_relu_are_those_after_it_where_positive(self, images):
        layers = ("conv1_2", "relu1_2")
        before, after = make_loss_network(layers, weights="random")(
            images, layers
        ).values()

        assert np.min(before) < 0
        np.testing.assert_array_equal(np.maximum(before, 0), after)

    def test_average_pooling_halves_by_the_mean(self, images):
        weights = load_weights("random")
        layers = ("relu1_2", "conv2_1")
        network = make_loss_network(layers, weights="random", pooling="average")
        features = network(images, layers)
        x = np.asarray(features["relu1_2"])
        means = x.reshape(2, 16, 2, 24, 2, 64).mean(axis=(2, 4))
        kernel, bias = weights["block2_conv1"]

        expected = keras.ops.conv(means, kernel, padding="same") + bias

        np.testing.assert_allclose(features["conv2_1"], expected, rtol=1e-3, atol=1e-2)

    @pytest.mark.parametrize("weights", ["random", "pocket"])
    def test_symmetric_padding_shows_no_border_to_a_plain_colour(self, weights):
        image = np.full((1, 20, 12, 3), (200, 30, 90), "float32")

        def measure_spread(padding):
            network = make_loss_network(SHALLOW, weights=weights, padding=padding)
            features = network(image, SHALLOW)
            return [np.ptp(f, axis=(1, 2)).max() / np.max(f) for f in features.values()]

        assert max(measure_spread("symmetric")) < 1e-4
        assert min(measure_spread("zeros")) > 0.01

    def test_random_weights_keep_the_activations_in_scale(self, images):
        layers = ("relu1_1", "relu5_3")

        features = make_loss_network(layers, weights="random")(images, layers)

        spread = [float(np.asarray(features[layer]).std()) for layer in layers]
        assert 0.1 < spread[1] / spread[0] < 10

    def test_random_weights_are_the_same_for_the_same_seed(self):
        first, again, other = (
            load_weights("random", seed=seed)["block3_conv2"][0] for seed in (1, 1, 2)
        )

        np.testing.assert_array_equal(first, again)
        assert np.abs(first - other).max() > 0

    def test_bfloat16_is_near_float32(self, images):
        exact = make_loss_network(SHALLOW, weights="random")
        rounded = make_loss_network(SHALLOW, weights="random", dtype="bfloat16")

        expected = np.asarray(exact(images, SHALLOW)["relu2_2"])
        actual = np.asarray(rounded(images, SHALLOW)["relu2_2"])

        assert actual.dtype == np.float32
        assert np.abs(actual - expected).mean() < 0.02 * np.abs(expected).mean()


class TestFiles:
    def test_npz(self, rng, tmp_path):
        weights = make_weights(rng)
        arrays = {}
        for name, (kernel, bias) in weights.items():
            arrays |= {f"{name}/kernel": kernel, f"{name}/bias": bias}
        np.savez(tmp_path / "vgg.npz", **arrays)

        network = make_loss_network(SHALLOW, weights=tmp_path / "vgg.npz")

        for name, (kernel, bias) in weights.items():
            np.testing.assert_array_equal(network.weights[name][0], kernel)
            np.testing.assert_array_equal(network.weights[name][1], bias)

    @pytest.mark.parametrize("protocol", [2, 4])
    def test_npy_dict_of_the_old_days(self, rng, tmp_path, protocol):
        weights = make_weights(rng)
        entries = {
            name.replace("block", "conv").replace("_conv", "_"): [kernel, bias]
            for name, (kernel, bias) in weights.items()
        }
        write_npy(tmp_path / "vgg.npy", entries, protocol)

        network = make_loss_network(SHALLOW, weights=tmp_path / "vgg.npy")

        for name, (kernel, _) in weights.items():
            np.testing.assert_array_equal(network.weights[name][0], kernel)

    @pytest.mark.data
    def test_the_shared_weights_are_those_of_imagenet(self, images):
        from conftest import DATA

        path = DATA / "vgg16" / "vgg16_blocks_1_2.npz"
        kernel, bias = make_loss_network(SHALLOW, weights=path).weights["block1_conv1"]

        # The first numbers of the published weights.
        expected = [0.42947057, 0.55037946, 0.4800154]
        np.testing.assert_allclose(kernel[0, 0, :, 0], expected, rtol=1e-3)
        assert bias[0] == pytest.approx(0.734, rel=1e-3)

    def test_names_the_missing_layers(self, rng, tmp_path):
        np.savez(
            tmp_path / "vgg.npz",
            **{
                f"{name}/{i}": values
                for name, pair in make_weights(rng, num_blocks=1).items()
                for i, values in enumerate(pair)
            },
        )

        with pytest.raises(ValueError, match="lack block2_conv1, block2_conv2"):
            make_loss_network(SHALLOW, weights=tmp_path / "vgg.npz")

    def test_refuses_kernels_of_another_shape(self, tmp_path):
        np.savez(
            tmp_path / "vgg.npz",
            **{"block1_conv1/kernel": np.zeros((3, 3, 1, 64)), "block1_conv1/b": [0.0]},
        )

        with pytest.raises(ValueError, match=r"block1_conv1 must have .*\(3, 3, 3, 64"):
            make_loss_network(("relu1_1",), weights=tmp_path / "vgg.npz")

    @pytest.mark.parametrize("suffix", [".h5", ".npz", ".npy"])
    def test_a_damaged_file_is_named(self, tmp_path, suffix):
        path = tmp_path / f"vgg{suffix}"
        if suffix == ".npy":
            write_npy(path, {"conv1_1": [np.zeros((3, 3, 3, 64)), np.zeros(64)]})
            path.write_bytes(path.read_bytes()[:200])
        else:
            path.write_bytes(b"not what it seems")

        with pytest.raises(ValueError, match=r"vgg\.\w+' are damaged"):
            make_loss_network(("relu1_1",), weights=path)

    def test_refuses_other_files_and_missing_ones(self, tmp_path):
        with pytest.raises(ValueError, match=r"`loss_network_weights` must be"):
            make_loss_network(SHALLOW, weights="vgg16.mat")
        with pytest.raises(FileNotFoundError, match="a file that exists"):
            make_loss_network(SHALLOW, weights=tmp_path / "vgg16.h5")


class TestLayerNames:
    def test_vgg19_has_deeper_blocks(self):
        names = convolutions_up_to(("relu3_4",), name="vgg19")

        assert names[-1] == "block3_conv4"
        assert len(names) == 8

    def test_unknown_ones_are_refused_with_the_known_ones(self):
        with pytest.raises(ValueError, match=r"relu3_3.*Received: relu3_4"):
            convolutions_up_to(("relu3_4",), name="vgg16")

    def test_unknown_networks_are_refused(self):
        with pytest.raises(ValueError, match="one of vgg16, vgg19"):
            convolutions_up_to(("relu1_1",), name="alexnet")


def write_npy(path, value, protocol=4):
    with open(path, "wb") as file:
        header = {"descr": "|O", "fortran_order": False, "shape": ()}
        np.lib.format.write_array_header_1_0(file, header)
        pickle.dump(np.array(value, dtype=object), file, protocol=protocol)


class Exploit:
    """Runs a command when it is unpickled, as a real attack would."""

    def __init__(self, command):
        self.command = command

    def __reduce__(self):
        return (os.system, (self.command,))


class TestRestrictedReader:
    def test_the_exploit_works_on_numpys_own_reader(self, tmp_path):
        trace = tmp_path / "trace"
        write_npy(tmp_path / "evil.npy", {"conv1_1": Exploit(f"touch {trace}")})

        np.load(tmp_path / "evil.npy", allow_pickle=True)

        assert trace.exists()

    def test_refuses_a_pickle_that_would_run_code(self, tmp_path):
        trace = tmp_path / "trace"
        write_npy(tmp_path / "evil.npy", {"conv1_1": Exploit(f"touch {trace}")})

        with pytest.raises(ValueError, match="could run code; it was not loaded"):
            make_loss_network(("relu1_1",), weights=tmp_path / "evil.npy")

        assert not trace.exists()

    @pytest.mark.parametrize("value", [eval, np.load, keras.Model, print])
    def test_refuses_functions_and_classes_of_any_kind(self, tmp_path, value):
        write_npy(tmp_path / "evil.npy", {"conv1_1": value})

        with pytest.raises(ValueError, match="could run code"):
            make_loss_network(("relu1_1",), weights=tmp_path / "evil.npy")

    def test_refuses_a_plain_array(self, tmp_path):
        np.save(tmp_path / "array.npy", np.zeros(3))

        with pytest.raises(ValueError, match="holds one dict"):
            make_loss_network(("relu1_1",), weights=tmp_path / "array.npy")


class TestDownload:
    def test_a_failed_one_says_what_to_do(self, monkeypatch):
        def fail(**options):
            raise OSError("Name or service not known")

        monkeypatch.setattr(keras.applications, "VGG16", fail)

        with pytest.raises(ValueError, match=r"set\s+`loss_network_weights` to its"):
            make_loss_network(("relu1_1",), weights="imagenet")
