import h5py
import keras
import numpy as np
import pytest
import skimage

from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.networks.registry import get_spec

LAYERS = tuple(get_spec("resnet50").layers)


def convolve(x, pair, strides=1, mode="constant"):
    """A convolution in NumPy, with half the kernel's size of padding."""
    kernel, bias = (np.asarray(array, "float64") for array in pair)
    half = kernel.shape[0] // 2
    padded = np.pad(x, ((half, half), (half, half), (0, 0)), mode=mode)
    windows = np.lib.stride_tricks.sliding_window_view(
        padded, kernel.shape[:2], axis=(0, 1)
    )
    return np.einsum("hwcij,ijco->hwo", windows[::strides, ::strides], kernel) + bias


def pool(x, mode):
    """The largest of 3x3 at each second place, with one pixel of padding."""
    padded = np.pad(x, ((1, 1), (1, 1), (0, 0)), mode=mode)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(0, 1))
    return windows[::2, ::2].max(axis=(-2, -1))


def compute_in_numpy(image, weights, last, mode):
    """PyTorch's ResNet-50: the 3x3 convolutions and the downsamples halve."""
    deviation = np.array((0.229, 0.224, 0.225))
    x = (image / 255 - (0.485, 0.456, 0.406)) / deviation
    x = np.maximum(convolve(x, weights["conv1"], 2, mode), 0)
    features = {"conv1": x}
    x = pool(x, mode)
    for layer in LAYERS[1 : LAYERS.index(last) + 1]:
        strides = 2 if layer in ("layer2.0", "layer3.0") else 1
        y = np.maximum(convolve(x, weights[f"{layer}.conv1"], 1, mode), 0)
        y = np.maximum(convolve(y, weights[f"{layer}.conv2"], strides, mode), 0)
        y = convolve(y, weights[f"{layer}.conv3"], 1, mode)
        if f"{layer}.downsample" in weights:
            x = convolve(x, weights[f"{layer}.downsample"], strides, mode)
        x = features[layer] = np.maximum(x + y, 0)
    return features


def make_arrays(rng):
    """An `.npz` file's arrays of the first stage and of the second's first block."""
    shapes = {"conv1": (7, 7, 3, 64)}
    channels = 64
    for block in ("layer1.0", "layer1.1", "layer1.2", "layer2.0"):
        width = 64 if block.startswith("layer1") else 128
        shapes[f"{block}.conv1"] = (1, 1, channels, width)
        shapes[f"{block}.conv2"] = (3, 3, width, width)
        shapes[f"{block}.conv3"] = (1, 1, width, 4 * width)
        if channels != 4 * width:
            shapes[f"{block}.downsample"] = (1, 1, channels, 4 * width)
        channels = 4 * width
    arrays = {}
    for name, shape in shapes.items():
        scale = 1 / np.sqrt(np.prod(shape[:3]))
        arrays[f"{name}/kernel"] = rng.normal(0, scale, shape).astype("float32")
        arrays[f"{name}/bias"] = rng.normal(0, 0.3, shape[-1:]).astype("float32")
    return arrays


class TestPyTorchsLayout:
    @pytest.mark.parametrize("size", [(24, 32), (19, 26)])
    @pytest.mark.parametrize(
        ("padding", "mode"), [("zeros", "constant"), ("symmetric", "symmetric")]
    )
    def test_is_the_network_of_the_paper_in_numpy(
        self, rng, tmp_path, padding, mode, size
    ):
        arrays = make_arrays(rng)
        np.savez(tmp_path / "resnet.npz", **arrays)
        layers = LAYERS[: LAYERS.index("layer2.0") + 1]
        network = make_loss_network(
            "resnet50", layers, weights=tmp_path / "resnet.npz", padding=padding
        )
        image = rng.uniform(0, 255, (*size, 3)).astype("float32")

        actual = network(image[None], layers)

        names = {key.split("/")[0] for key in arrays}
        weights = {n: (arrays[f"{n}/kernel"], arrays[f"{n}/bias"]) for n in names}
        expected = compute_in_numpy(image, weights, "layer2.0", mode)
        assert expected.keys() == actual.keys() == set(layers)
        for layer, values in expected.items():
            assert actual[layer].shape == (1, *values.shape), layer
            scale = values.max()
            np.testing.assert_allclose(
                actual[layer][0], values, atol=1e-4 * scale, err_msg=layer
            )

    @pytest.mark.data
    def test_features_of_a_photo_with_the_real_weights_are_sensible(self, data):
        path = data / "loss_networks" / "resnet50_stages_1_3.npz"
        network = make_loss_network("resnet50", LAYERS, weights=path)
        images = skimage.data.coffee()[None, 100:164, 200:296].astype("float32")

        features = network(images, LAYERS)

        assert features.keys() == set(LAYERS)
        for layer, (channels, stride, _) in get_spec("resnet50").layers.items():
            values = np.asarray(features[layer])
            assert values.shape == (1, 64 // stride, 96 // stride, channels)
            assert np.all(np.isfinite(values))
            assert values.min() == 0  # A ReLU.
            assert 0.01 < values.mean() < 10, layer
            assert np.mean(values > 0) > 0.05, layer


@pytest.fixture(scope="module")
def keras_network():
    """Keras' own ResNet-50 without its top, with numbers everywhere."""
    network = keras.applications.ResNet50(weights=None, include_top=False)
    rng = np.random.default_rng(0)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            gamma, beta, mean, variance = (np.shape(w) for w in layer.get_weights())
            layer.set_weights(
                [
                    rng.uniform(0.5, 1.2, gamma),
                    rng.normal(0, 0.2, beta),
                    rng.normal(0, 0.2, mean),
                    rng.uniform(0.5, 2, variance),
                ]
            )
        elif isinstance(layer, keras.layers.Conv2D):
            kernel, bias = layer.get_weights()
            layer.set_weights([kernel, rng.normal(0, 0.1, bias.shape)])
    return network


def write_notop(path, network):
    """Writes a file as `..._notop.h5` of Keras' downloads is."""
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [layer.name.encode() for layer in network.layers]
        file.attrs["backend"] = b"tensorflow"
        file.attrs["keras_version"] = b"2.2.4"
        for layer in network.layers:
            group = file.create_group(layer.name)
            names = [f"{layer.name}/{weight.name}:0" for weight in layer.weights]
            group.attrs["weight_names"] = [name.encode() for name in names]
            for name, array in zip(names, layer.get_weights(), strict=True):
                group[name] = array


def write_weights(path, network):
    network.save_weights(path)


def write_all(path, network):
    network.save(path)


class TestKerasLayout:
    PLACES = {  # noqa: RUF012
        "conv1": "conv1_relu",
        "layer1.0": "conv2_block1_out",
        "layer1.2": "conv2_block3_out",
        "layer2.1": "conv3_block2_out",
        "layer3.1": "conv4_block2_out",
        "layer3.5": "conv4_block6_out",
    }

    @pytest.mark.parametrize(
        ("file", "write"),
        [
            ("resnet50_notop.h5", write_notop),
            ("resnet50.weights.h5", write_weights),
            ("whole.h5", write_all),
        ],
    )
    @pytest.mark.parametrize("size", [(64, 64), (51, 77)])
    def test_features_are_those_of_keras_from_the_file(
        self, keras_network, rng, tmp_path, file, write, size
    ):
        write(tmp_path / file, keras_network)
        images = rng.uniform(0, 255, (2, *size, 3)).astype("float32")
        layers = tuple(self.PLACES)

        network = make_loss_network("resnet50", layers, weights=tmp_path / file)
        actual = network(images, layers)

        preprocessed = keras.applications.resnet50.preprocess_input(images.copy())
        outputs = [
            keras_network.get_layer(name).output for name in self.PLACES.values()
        ]
        every = keras.Model(keras_network.input, outputs)(preprocessed)
        for layer, expected in zip(layers, every, strict=True):
            scale = np.max(expected)
            assert scale > 0
            np.testing.assert_allclose(
                actual[layer], expected, rtol=1e-3, atol=1e-4 * scale, err_msg=layer
            )


class TestRandomWeights:
    def test_are_the_same_for_the_same_seed(self):
        first, again, other = (
            make_loss_network("resnet50", ("layer2.1",), weights="random", seed=seed)
            for seed in (1, 1, 2)
        )

        for name, (kernel, bias) in first.weights.items():
            np.testing.assert_array_equal(kernel, again.weights[name][0])
            np.testing.assert_array_equal(bias, again.weights[name][1])
            assert np.abs(kernel - other.weights[name][0]).max() > 0

    def test_give_features_of_any_depth_that_are_finite(self, rng):
        network = make_loss_network("resnet50", LAYERS, weights="random")
        images = rng.uniform(0, 255, (1, 32, 32, 3)).astype("float32")

        for layer, features in network(images, LAYERS).items():
            assert np.all(np.isfinite(features)), layer
            assert 0.01 < np.std(features) < 1e4, layer
