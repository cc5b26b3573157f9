import time
import zipfile

import h5py
import keras
import numpy as np
import pytest

from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.networks.vgg_weights import list_convolutions
from fast_style.losses.networks.vgg_weights import load_weights

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


@pytest.mark.parametrize(
    ("name", "counts"), [("vgg16", (2, 2, 3, 3, 3)), ("vgg19", (2, 2, 4, 4, 4))]
)
def test_convolutions_are_those_of_the_paper(name, counts):
    convolutions = list_convolutions(name)

    places = [
        (block, number)
        for block, count in enumerate(counts, start=1)
        for number in range(1, count + 1)
    ]
    assert [(c.block, c.number) for c in convolutions] == places
    filters = (64, 128, 256, 512, 512)
    assert [c.filters for c in convolutions] == [filters[b - 1] for b, _ in places]


def test_random_weights_are_the_same_for_the_same_seed():
    first, again, other = (
        load_weights("random", seed=seed)["block3_conv2"][0] for seed in (1, 1, 2)
    )

    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0


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
