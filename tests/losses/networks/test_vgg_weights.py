import time
import zipfile

import h5py
import keras
import numpy as np
import pytest
import skimage

from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.networks.vgg_layout import convolutions_up_to
from fast_style.losses.networks.vgg_layout import VGG16_FILE
from fast_style.losses.networks.vgg_weights import load_weights
from fast_style.losses.networks.vgg_weights import measure_tap_correlation

SHALLOW = ("relu1_1", "relu1_2", "relu2_1", "relu2_2")


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


def declare_npy(shape, dtype="<f4"):
    """The bytes of an `.npy` file that declares an array and holds nothing of it."""
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}}}"
    header = header.ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()


def test_random_weights_are_the_same_for_the_same_seed():
    first, again, other = (
        load_weights("random", seed=seed)["block3_conv2"][0] for seed in (1, 1, 2)
    )

    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0


class TestBundled:
    DEEPEST = "relu5_1"

    def load(self):
        return load_weights("bundled", convolutions_up_to("vgg16", (self.DEEPEST,)))

    def test_are_what_vgg16_takes_where_none_are_named(self):
        network = make_loss_network("vgg16", SHALLOW)

        for name, (kernel, bias) in network.weights.items():
            np.testing.assert_array_equal(kernel, self.load()[name][0])
            np.testing.assert_array_equal(bias, self.load()[name][1])

    def test_end_where_the_message_says(self):
        with pytest.raises(ValueError, match=r"relu5_1.*block5_conv2.*imagenet.*file"):
            make_loss_network("vgg16", ("relu5_2",))

    def test_neighbouring_taps_correlate_as_those_of_a_trained_network(self):
        for name, (kernel, _) in self.load().items():
            assert 0.49 < measure_tap_correlation(kernel) < 0.8, name

    def test_the_licence_lies_beside_the_file(self):
        notice = VGG16_FILE.with_name("VGG16-NOTICE").read_text(encoding="utf-8")

        for words in ("Simonyan", "Zisserman", "CC BY 4.0", "8 bits", "relu5_1"):
            assert words in notice

    @pytest.mark.data
    def test_are_those_of_imagenet_to_8_bits(self, data):
        exact = load_weights(data / "vgg16" / "vgg16_conv.npz")

        for name, (kernel, bias) in self.load().items():
            step = np.abs(exact[name][0]).max(axis=(0, 1, 2)) / 127
            # Half a step, and what float16 has rounded in the file compared with.
            assert np.all(np.abs(kernel - exact[name][0]) <= 0.51 * step), name
            np.testing.assert_allclose(bias, exact[name][1], atol=1e-3)

    @pytest.mark.data
    def test_features_are_near_those_of_all_digits(self, data):
        photo = skimage.data.chelsea()[None, :224, :224].astype("float32")
        layers = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
        path = data / "vgg16" / "vgg16_conv.npz"

        actual = make_loss_network("vgg16", layers)(photo, layers)
        expected = make_loss_network("vgg16", layers, weights=path)(photo, layers)

        for layer in layers:
            error = np.linalg.norm(actual[layer] - expected[layer])
            assert error < 0.03 * np.linalg.norm(expected[layer]), layer


class TestScrambled:
    """Right numbers in the wrong places, which nothing but the pictures would tell."""

    def write(self, path, *, scrambled=()):
        arrays = {}
        for name, (kernel, bias) in load_weights(
            "bundled", convolutions_up_to("vgg16", SHALLOW)
        ).items():
            if name in scrambled:
                # `(out, in, h, w)`, as PyTorch has them, read as `(h, w, in, out)`.
                kernel = kernel.transpose(3, 2, 0, 1).reshape(kernel.shape)
            arrays |= {f"{name}/kernel": kernel, f"{name}/bias": bias}
        np.savez(path, **arrays)

    def test_a_kernel_is_named_in_a_warning(self, tmp_path, caplog):
        self.write(tmp_path / "vgg.npz", scrambled=("block2_conv1",))

        make_loss_network("vgg16", SHALLOW, weights=tmp_path / "vgg.npz")

        (record,) = caplog.records
        assert "vgg.npz" in record.getMessage()
        assert "block2_conv1 (" in record.getMessage()
        assert "block2_conv2" not in record.getMessage()

    def test_the_right_ones_are_read_without_a_word(self, tmp_path, caplog):
        self.write(tmp_path / "vgg.npz")

        make_loss_network("vgg16", SHALLOW, weights=tmp_path / "vgg.npz")

        assert not caplog.records

    def test_blocks_of_64_channels_in_another_order_are_seen(self):
        kernel = load_weights("bundled", convolutions_up_to("vgg16", ("relu2_1",)))[
            "block2_conv1"
        ][0]
        blocks = np.stack(np.split(kernel, 2, axis=-1))

        assert measure_tap_correlation(kernel) > 0.5
        assert measure_tap_correlation(blocks.reshape(kernel.shape)) < 0.2

    def test_the_correlation_is_the_mean_over_all_pairs_that_touch(self, rng):
        kernel = rng.normal(size=(3, 3, 4, 5)) + rng.normal(size=(4, 5))

        pairs = [
            np.corrcoef(kernel[i, j].ravel(), kernel[i + di, j + dj].ravel())[0, 1]
            for i in range(3)
            for j in range(3)
            for di, dj in ((0, 1), (1, 0))
            if i + di < 3 and j + dj < 3
        ]

        assert len(pairs) == 12
        assert measure_tap_correlation(kernel) == pytest.approx(np.mean(pairs))


class TestFiles:
    def test_npz(self, rng, tmp_path):
        weights = make_weights(rng)
        arrays = {}
        for name, (kernel, bias) in weights.items():
            arrays |= {f"{name}/kernel": kernel, f"{name}/bias": bias}
        np.savez(tmp_path / "vgg.npz", **arrays)

        network = make_loss_network("vgg16", SHALLOW, weights=tmp_path / "vgg.npz")

        for name, (kernel, bias) in weights.items():
            np.testing.assert_array_equal(network.weights[name][0], kernel)
            np.testing.assert_array_equal(network.weights[name][1], bias)

    @pytest.mark.parametrize("protocol", [2, 4])
    def test_npy_dict_of_the_old_days(self, rng, tmp_path, protocol, write_npy):
        weights = make_weights(rng)
        entries = {
            name.replace("block", "conv").replace("_conv", "_"): [kernel, bias]
            for name, (kernel, bias) in weights.items()
        }
        write_npy(tmp_path / "vgg.npy", entries, protocol)

        network = make_loss_network("vgg16", SHALLOW, weights=tmp_path / "vgg.npy")

        for name, (kernel, _) in weights.items():
            np.testing.assert_array_equal(network.weights[name][0], kernel)

    @pytest.mark.data
    def test_the_shared_weights_are_those_of_imagenet(self, data):
        path = data / "vgg16" / "vgg16_blocks_1_2.npz"
        kernel, bias = make_loss_network("vgg16", SHALLOW, weights=path).weights[
            "block1_conv1"
        ]

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
            make_loss_network("vgg16", SHALLOW, weights=tmp_path / "vgg.npz")

    def test_refuses_kernels_of_another_shape(self, tmp_path):
        np.savez(
            tmp_path / "vgg.npz",
            **{"block1_conv1/kernel": np.zeros((3, 3, 1, 64)), "block1_conv1/b": [0.0]},
        )

        with pytest.raises(ValueError, match=r"block1_conv1 must have .*\(3, 3, 3, 64"):
            make_loss_network("vgg16", ("relu1_1",), weights=tmp_path / "vgg.npz")

    @pytest.mark.parametrize("suffix", [".h5", ".npz", ".npy"])
    def test_a_damaged_file_is_named(self, tmp_path, suffix, write_npy):
        path = tmp_path / f"vgg{suffix}"
        if suffix == ".npy":
            write_npy(path, {"conv1_1": [np.zeros((3, 3, 3, 64)), np.zeros(64)]})
            path.write_bytes(path.read_bytes()[:200])
        else:
            path.write_bytes(b"not what it seems")

        with pytest.raises(ValueError, match=r"vgg\.\w+' are damaged"):
            make_loss_network("vgg16", ("relu1_1",), weights=path)

    def test_refuses_other_files_and_missing_ones(self, tmp_path):
        with pytest.raises(ValueError, match=r"`loss_network_weights` must be"):
            make_loss_network("vgg16", SHALLOW, weights="vgg16.mat")
        with pytest.raises(FileNotFoundError, match="a file that exists"):
            make_loss_network("vgg16", SHALLOW, weights=tmp_path / "vgg16.h5")


class TestTraps:
    """Files that declare what they do not hold, or hold something else."""

    @pytest.mark.parametrize("shape", [(10**12,), (3, 3, 10**9, 64), (10**6,) * 4])
    def test_an_npz_with_a_huge_array_is_refused_by_its_header(self, tmp_path, shape):
        path = tmp_path / "vgg.npz"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("block1_conv1/kernel.npy", declare_npy(shape))
            archive.writestr("block1_conv1/bias.npy", declare_npy((64,)))
        start = time.thread_time()

        with pytest.raises(ValueError, match=r"block1_conv1.*vgg\.npz|vgg\.npz.*lack"):
            make_loss_network("vgg16", ("relu1_1",), weights=path)

        assert time.thread_time() - start < 5

    def test_a_huge_array_that_is_not_needed_is_not_read(self, rng, tmp_path):
        path = tmp_path / "vgg.npz"
        arrays = {
            f"{name}/{i}": values
            for name, pair in make_weights(rng, num_blocks=1).items()
            for i, values in enumerate(pair)
        }
        np.savez(path, **arrays)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("fc6/kernel.npy", declare_npy((10**6, 10**6)))

        network = make_loss_network("vgg16", ("relu1_2",), weights=path)

        assert set(network.weights) == {"block1_conv1", "block1_conv2"}

    def test_an_array_that_is_shorter_than_declared_is_damaged(self, tmp_path):
        path = tmp_path / "vgg.npz"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("block1_conv1/kernel.npy", declare_npy((3, 3, 3, 64)))
            archive.writestr("block1_conv1/bias.npy", declare_npy((64,)))

        with pytest.raises(ValueError, match=r"vgg\.npz' are damaged"):
            make_loss_network("vgg16", ("relu1_1",), weights=path)

    @pytest.mark.parametrize("dtype", ["|O", "<U9", "|V8"])
    def test_arrays_of_no_numbers_do_not_count(self, tmp_path, dtype):
        path = tmp_path / "vgg.npz"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("block1_conv1/kernel.npy", declare_npy((1,) * 4, dtype))
            archive.writestr("block1_conv1/bias.npy", declare_npy((1,), dtype))

        with pytest.raises(ValueError, match=r"vgg\.npz.*lack block1_conv1"):
            make_loss_network("vgg16", ("relu1_1",), weights=path)

    @pytest.mark.parametrize("shape", [(10**12,), (3, 3, 10**9, 64), (10**4,) * 4])
    def test_an_h5_with_a_huge_array_is_refused_by_its_header(self, tmp_path, shape):
        with h5py.File(tmp_path / "vgg.h5", "w") as file:
            file.create_dataset("block1_conv1/kernel", shape=shape, dtype="f4")
            file.create_dataset("block1_conv1/bias", shape=(64,), dtype="f4")

        with pytest.raises(ValueError, match=r"block1_conv1.*vgg\.h5|vgg\.h5.*lack"):
            make_loss_network("vgg16", ("relu1_1",), weights=tmp_path / "vgg.h5")

    def test_an_h5_of_links_and_texts_lacks_everything(self, tmp_path):
        with h5py.File(tmp_path / "vgg.h5", "w") as file:
            file["block1_conv1/kernel"] = "a text"
            file["block1_conv1/bias"] = h5py.ExternalLink("/etc/other.h5", "bias")
            file["block1_conv2/kernel"] = h5py.Empty("f4")
            file["block1_conv2/bias"] = h5py.SoftLink("/block1_conv2")

        with pytest.raises(ValueError, match=r"vgg\.h5.*no convolution"):
            make_loss_network("vgg16", ("relu1_1",), weights=tmp_path / "vgg.h5")


class TestDownload:
    def test_a_failed_one_says_what_to_do(self, monkeypatch):
        def fail(**options):
            raise OSError("Name or service not known")

        monkeypatch.setattr(keras.applications, "VGG16", fail)

        with pytest.raises(ValueError, match=r"set\s+`loss_network_weights` to its"):
            make_loss_network("vgg16", ("relu1_1",), weights="imagenet")
