import pathlib
import zipfile

import numpy as np
import pytest

from fast_style.losses.networks.stored_convolutions import make_random_convolutions
from fast_style.losses.networks.stored_convolutions import quantize_kernel
from fast_style.losses.networks.stored_convolutions import read_convolutions

KERNELS = {"conv1": (3, 3, 2, 4), "fire2/expand": (1, 1, 4, 5)}


@pytest.fixture
def arrays(rng):
    return {
        key: (100 * rng.normal(size=shape)).astype("float32")
        for name, kernel in KERNELS.items()
        for key, shape in ((f"{name}/kernel", kernel), (f"{name}/bias", kernel[-1:]))
    }


@pytest.fixture
def path(tmp_path):
    return tmp_path / "weights.npz"


def write_huge(path, key, shape):
    """Adds an array of which there is the header and nothing else."""
    with zipfile.ZipFile(path, "a") as archive, archive.open(f"{key}.npy", "w") as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)


class TestReadConvolutions:
    @pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int32"])
    @pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
    def test_are_what_numpy_saved_as_float32(self, arrays, path, dtype, save):
        saved = {key: array.astype(dtype) for key, array in arrays.items()}
        save(path, **saved)

        for source in (path, str(path)):
            read = read_convolutions(source, KERNELS, network="pocket")

            assert read.keys() == KERNELS.keys()
            for name, pair in read.items():
                for part, actual in zip(("kernel", "bias"), pair, strict=True):
                    assert actual.dtype == np.float32
                    expected = saved[f"{name}/{part}"].astype("float32")
                    np.testing.assert_array_equal(actual, expected)

    def test_are_as_many_as_are_asked_for(self, arrays, path):
        np.savez(path, **arrays)

        for name in KERNELS:
            read = read_convolutions(path, {name: KERNELS[name]}, network="pocket")
            assert read.keys() == {name}
        assert read_convolutions(path, {}, network="pocket") == {}

    def test_a_huge_array_that_is_not_needed_is_not_read(self, arrays, path):
        np.savez(path, **arrays)
        write_huge(path, "fc6/kernel", (10**6, 10**6))

        assert read_convolutions(path, KERNELS, network="pocket").keys() == (
            KERNELS.keys()
        )


class TestRefusals:
    @pytest.mark.parametrize("name", ["nowhere.npz", "."])
    def test_of_what_is_no_file_name_it(self, tmp_path, name):
        path = tmp_path / name

        with pytest.raises(FileNotFoundError) as caught:
            read_convolutions(path, KERNELS, network="squeezenet")

        assert "The weights of squeezenet must be a file" in str(caught.value)
        assert str(path) in str(caught.value)

    @pytest.mark.parametrize("content", [b"", b"not what it seems", b"PK\x03\x04" * 9])
    def test_of_other_files_say_that_they_are_damaged(self, path, content):
        path.write_bytes(content)

        with pytest.raises(ValueError, match=r"weights\.npz' are damaged"):
            read_convolutions(path, KERNELS, network="pocket")

    def test_of_a_file_that_broke_off_say_that_it_is_damaged(self, arrays, path):
        np.savez(path, **arrays)
        whole = pathlib.Path(path).read_bytes()
        path.write_bytes(whole[: len(whole) // 2])

        with pytest.raises(ValueError, match=r"weights\.npz' are damaged"):
            read_convolutions(path, KERNELS, network="pocket")

    def test_of_a_changed_byte_say_that_it_is_damaged(self, arrays, path):
        np.savez(path, **arrays)
        content = bytearray(path.read_bytes())
        place = content.find(arrays["conv1/kernel"].tobytes())
        content[place] ^= 1
        path.write_bytes(content)

        with pytest.raises(ValueError, match=r"weights\.npz' are damaged"):
            read_convolutions(path, KERNELS, network="pocket")

    @pytest.mark.parametrize("key", ["conv1/kernel", "fire2/expand/bias"])
    def test_of_a_missing_array_name_it_and_its_shape(self, arrays, path, key):
        shape = arrays.pop(key).shape
        np.savez(path, **arrays)

        with pytest.raises(ValueError, match="weights of resnet50") as caught:
            read_convolutions(path, KERNELS, network="resnet50")

        assert f"{key} of shape {shape}" in str(caught.value)
        assert str(path) in str(caught.value)
        assert "it is missing" in str(caught.value)

    @pytest.mark.parametrize(
        ("key", "shape"),
        [
            ("conv1/kernel", (3, 3, 4, 2)),
            ("conv1/kernel", (72,)),
            ("conv1/kernel", (10**6, 10**6, 2, 4)),
            ("conv1/bias", (4, 1)),
            ("conv1/bias", ()),
            ("fire2/expand/bias", (10**12,)),
        ],
    )
    def test_of_arrays_of_another_shape_go_by_the_header(
        self, arrays, path, key, shape
    ):
        del arrays[key]
        np.savez(path, **arrays)
        write_huge(path, key, shape)

        with pytest.raises(ValueError, match=key) as caught:
            read_convolutions(path, KERNELS, network="pocket")

        assert f"of shape {shape}" in str(caught.value)

    @pytest.mark.parametrize("dtype", ["object", "U3", "complex64", "bool"])
    def test_of_arrays_of_no_real_numbers_say_that_they_are_missing(
        self, arrays, path, dtype
    ):
        arrays["conv1/bias"] = np.zeros(4, dtype)
        np.savez(path, **arrays)

        with pytest.raises(ValueError, match=r"conv1/bias.*it is missing"):
            read_convolutions(path, KERNELS, network="pocket")


class TestQuantizeKernel:
    def test_is_within_half_a_step_of_each_channel(self, rng):
        kernel = rng.normal(size=(3, 3, 5, 7)) * np.geomspace(1e-3, 1e3, 7)

        rounded, scale = quantize_kernel(kernel)

        assert rounded.dtype == np.int8
        step = np.abs(kernel).max(axis=(0, 1, 2)) / 127
        np.testing.assert_allclose(scale, step, rtol=1e-6)
        assert np.all(np.abs(rounded * scale - kernel) <= 0.501 * step)

    def test_a_channel_of_zeros_stays_zero(self):
        rounded, scale = quantize_kernel(np.zeros((3, 3, 2, 4)))

        assert not rounded.any()
        assert not scale.any()

    def test_a_file_of_it_is_read_as_the_product(self, arrays, path):
        saved = dict(arrays)
        for name in KERNELS:
            rounded, scale = quantize_kernel(arrays[f"{name}/kernel"])
            saved |= {f"{name}/kernel": rounded, f"{name}/scale": scale}
        np.savez_compressed(path, **saved)

        read = read_convolutions(path, KERNELS, network="vgg16")

        for name, (kernel, _) in read.items():
            expected = saved[f"{name}/kernel"] * saved[f"{name}/scale"]
            np.testing.assert_array_equal(kernel, expected)

    def test_a_scale_of_another_shape_is_refused(self, arrays, path):
        np.savez(path, **arrays, **{"conv1/scale": np.ones(3)})

        with pytest.raises(ValueError, match=r"conv1/scale of shape \(4,\).*\(3,\)"):
            read_convolutions(path, KERNELS, network="vgg16")


def test_random_convolutions_keep_the_scale_of_what_passes_a_relu(rng):
    kernel, bias = make_random_convolutions({"a": (3, 3, 200, 50)}, 0)["a"]
    x = np.maximum(rng.normal(size=(400, 9 * 200)), 0)

    y = x @ kernel.reshape(-1, 50)

    assert not bias.any()
    # He et al., 2015: the variance is twice the mean square of what comes in.
    assert np.mean(y**2) / 2 == pytest.approx(np.mean(x**2), rel=0.1)
