import time

import h5py
import keras
import numpy as np
import pytest

from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.networks.resnet_weights import fold
from fast_style.losses.networks.resnet_weights import list_blocks
from fast_style.losses.networks.resnet_weights import list_kernels
from fast_style.losses.networks.resnet_weights import to_keras_name

FIRST_BLOCK = {
    "conv1": (7, 7, 3, 64),
    "layer1.0.conv1": (1, 1, 64, 64),
    "layer1.0.conv2": (3, 3, 64, 64),
    "layer1.0.conv3": (1, 1, 64, 256),
    "layer1.0.downsample": (1, 1, 64, 256),
}


def make(layers, weights):
    return make_loss_network("resnet50", layers, weights=weights)


class TestDepth:
    def test_is_that_of_the_deepest_layer(self):
        assert list_kernels(()) == {"conv1": (7, 7, 3, 64)}
        assert list_kernels(("conv1", "layer1.0")) == FIRST_BLOCK
        assert list_blocks(("layer2.1", "layer1.1")) == (
            "layer1.0",
            "layer1.1",
            "layer1.2",
            "layer2.0",
            "layer2.1",
        )

    def test_of_all_three_stages_has_the_numbers_of_the_paper(self):
        kernels = list_kernels(("layer3.5",))

        # 3 + 4 + 6 blocks of three, a downsample in each stage, and the first one.
        assert len(kernels) == 3 * (3 + 4 + 6) + 3 + 1
        # The 25.6 million of ResNet-50, less the fourth stage and the classifier.
        fourth = 3 * 3 * 3 * 512 * 512 + 512 * 2048 * 3 + 2048 * 512 * 2
        fourth += 1024 * 512 + 1024 * 2048
        every = 25_502_912 - 1000 * 2048  # PyTorch's, without batch norms and biases.
        assert sum(np.prod(shape) for shape in kernels.values()) == every - fourth

    def test_of_what_is_kept_is_no_more_than_needed(self):
        assert set(make(("conv1",), "random").weights) == {"conv1"}
        network = make(("layer1.0",), "random")
        shapes = {name: kernel.shape for name, (kernel, _) in network.weights.items()}
        assert shapes == FIRST_BLOCK


def test_keras_names_are_those_of_keras_network():
    network = keras.applications.ResNet50(include_top=False, weights=None)

    for name, shape in list_kernels(("layer3.5",)).items():
        layer = network.get_layer(f"{to_keras_name(name)}_conv")
        assert tuple(layer.kernel.shape) == shape, name


def test_a_folded_convolution_is_keras_convolution_and_normalization(rng):
    images = keras.Input((6, 7, 3))
    convolution = keras.layers.Conv2D(4, 3, name="any_conv")
    normalization = keras.layers.BatchNormalization(epsilon=0.3, name="any_bn")
    network = keras.Model(images, normalization(convolution(images)))
    network.set_weights(
        [rng.uniform(0.2, 2, w.shape).astype("float32") for w in network.get_weights()]
    )
    x = rng.normal(size=(2, 6, 7, 3)).astype("float32")

    kernel, bias = fold(network, "any")

    assert kernel.dtype == bias.dtype == np.float32
    actual = keras.ops.conv(x, kernel) + bias
    np.testing.assert_allclose(actual, network(x), rtol=1e-4, atol=1e-4)


class TestFiles:
    def test_npz_may_lack_deeper_layers(self, rng, tmp_path):
        arrays = {}
        for name, shape in FIRST_BLOCK.items():
            arrays[f"{name}/kernel"] = rng.normal(size=shape).astype("float16")
            arrays[f"{name}/bias"] = rng.normal(size=shape[-1]).astype("float32")
        path = tmp_path / "first.npz"
        np.savez(path, **arrays)

        network = make(("layer1.0",), str(path))

        assert network.name == "resnet50"
        for name, (kernel, bias) in network.weights.items():
            np.testing.assert_array_equal(kernel, arrays[f"{name}/kernel"])
            np.testing.assert_array_equal(bias, arrays[f"{name}/bias"])
        message = (
            r"of resnet50, with layer1\.1\.conv1.*first\.npz', where it is missing"
        )
        with pytest.raises(ValueError, match=message):
            make(("layer1.1",), path)

    @pytest.mark.parametrize("suffix", [".h5", ".weights.h5", ".npz"])
    def test_a_missing_one_is_named(self, tmp_path, suffix):
        with pytest.raises(FileNotFoundError, match=rf"resnet50.*nowhere{suffix}'"):
            make(("conv1",), tmp_path / f"nowhere{suffix}")

    @pytest.mark.parametrize("suffix", [".h5", ".weights.h5", ".npz"])
    def test_a_damaged_one_is_named(self, tmp_path, suffix):
        path = tmp_path / f"resnet{suffix}"
        path.write_bytes(b"not what it seems")

        with pytest.raises(ValueError, match=rf"resnet{suffix}' are damaged"):
            make(("conv1",), path)

    @pytest.mark.parametrize("name", ["resnet50.mat", "resnet50", "imagnet"])
    def test_others_are_refused_with_what_there_is(self, name):
        message = rf'of resnet50 must be "imagenet", "random", an `.h5`.*{name!r}'
        with pytest.raises(ValueError, match=message):
            make(("conv1",), name)

    def test_an_h5_of_another_network_is_named(self, tmp_path):
        network = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(64, 7)])
        network.save_weights(tmp_path / "mine.weights.h5")
        with h5py.File(tmp_path / "mine.h5", "w") as file:
            file["conv1/kernel"] = np.zeros((7, 7, 3, 64))

        for path in tmp_path.iterdir():
            with pytest.raises(ValueError, match=rf"{path.name}' are .*not of Keras'"):
                make(("conv1",), path)

    @pytest.mark.parametrize("shape", [(10**12,), (7, 7, 3, 10**8), (10**4,) * 4])
    def test_an_h5_with_a_huge_array_is_refused_by_its_header(self, tmp_path, shape):
        with h5py.File(tmp_path / "trap.h5", "w") as file:
            file.attrs["layer_names"] = [b"conv1_conv"]
            group = file.create_group("conv1_conv")
            group.attrs["weight_names"] = [b"kernel:0"]
            group.create_dataset("kernel:0", shape=shape, dtype="f4")
        start = time.thread_time()

        with pytest.raises(ValueError, match=r"trap\.h5' are not of Keras' ResNet50"):
            make(("conv1",), tmp_path / "trap.h5")

        assert time.thread_time() - start < 5


class TestDownload:
    def test_a_failed_one_says_what_to_do(self, monkeypatch):
        def fail(**options):
            raise OSError("Name or service not known")

        monkeypatch.setattr(keras.applications, "ResNet50", fail)

        message = r"resnet50 \(Name or service.*`_notop\.h5` file.*docs/training\.md"
        for weights in ("", "imagenet"):
            with pytest.raises(ValueError, match=message):
                make(("conv1",), weights)
