import zipfile

import numpy as np
import pytest

from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.networks.pocket import load_pocket
from fast_style.losses.networks.pocket import POCKET_CONVOLUTIONS
from fast_style.losses.networks.pocket import POCKET_FILE
from fast_style.losses.networks.pocket import POCKET_LAYERS
from fast_style.losses.networks.pocket import save_pocket


def convolve(x, kernel, bias):
    size = kernel.shape[0] // 2
    padded = np.pad(x, ((size, size), (size, size), (0, 0)))
    height, width = x.shape[:2]
    y = bias + sum(
        padded[i : i + height, j : j + width] @ kernel[i, j]
        for i in range(kernel.shape[0])
        for j in range(kernel.shape[1])
    )
    return np.maximum(y, 0)


class TestPocketNetwork:
    def test_is_the_network_of_its_table(self, rng):
        network = load_pocket()
        image = rng.uniform(0, 255, (12, 10, 3))
        w = network.weights
        x = image - (123.68, 116.779, 103.939)
        trunk = convolve(convolve(x, *w["trunk1"]), *w["trunk2"])
        pooled = trunk.reshape(6, 2, 5, 2, -1).max(axis=(1, 3))
        half = convolve(pooled, *w["trunk3"])
        expected = {
            "relu1_1": convolve(x, *w["relu1_1"]),
            "relu1_2": convolve(trunk, *w["relu1_2"]),
            "relu2_1": convolve(half, *w["relu2_1"]),
            "relu2_2": convolve(convolve(half, *w["trunk4"]), *w["relu2_2"]),
        }

        features = network(image[None].astype("float32"), POCKET_LAYERS)

        for layer, values in expected.items():
            scale = np.abs(values).max()
            np.testing.assert_allclose(features[layer][0], values, atol=1e-4 * scale)

    def test_has_the_shapes_of_vgg16(self, rng):
        images = rng.uniform(0, 255, (2, 21, 34, 3)).astype("float32")
        vgg = make_loss_network("vgg16", POCKET_LAYERS, weights="random")

        small = load_pocket()(images, POCKET_LAYERS)

        for layer, features in vgg(images, POCKET_LAYERS).items():
            assert small[layer].shape == features.shape

    def test_computes_only_what_is_asked_for(self, rng):
        images = rng.uniform(0, 255, (1, 16, 16, 3)).astype("float32")
        every = load_pocket()(images, POCKET_LAYERS)

        for layer in POCKET_LAYERS:
            alone = load_pocket()(images, (layer,))
            assert set(alone) == {layer}
            np.testing.assert_allclose(alone[layer], every[layer], rtol=1e-5)

    def test_is_small_and_cheap(self):
        table = POCKET_CONVOLUTIONS
        weights = sum(k * k * i * o + o for k, i, o in table.values())
        halves = ("trunk3", "relu2_1", "trunk4", "relu2_2")
        products = sum(
            k * k * i * o / (4 if name in halves else 1)
            for name, (k, i, o) in table.items()
        )
        vgg = 9 * (3 * 64 + 64 * 64 + (64 * 128 + 128 * 128) / 4)

        assert weights <= 150_000
        assert POCKET_FILE.stat().st_size <= 400_000
        assert products <= vgg / 3


class TestMakeLossNetwork:
    def test_knows_it_by_name(self):
        assert make_loss_network("pocket", ("relu2_2",)).name == "pocket"

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"pooling": "average"}, "`pooling` of pocket must be one of max"),
            ({"layers": ("relu3_1",)}, "Layers of pocket are relu1_1.*relu2_2"),
        ],
    )
    def test_says_what_it_does_not_have(self, options, message):
        options = {"layers": ("relu1_1",)} | options

        with pytest.raises(ValueError, match=message):
            make_loss_network("pocket", **options)


class TestFiles:
    def test_what_is_saved_is_loaded(self, rng, tmp_path):
        weights = {
            name: (rng.normal(size=(k, k, i, o)), rng.normal(size=o))
            for name, (k, i, o) in POCKET_CONVOLUTIONS.items()
        }
        save_pocket(weights, tmp_path / "pocket.npz")

        path = tmp_path / "pocket.npz"
        loaded = make_loss_network("pocket", ("relu1_1",), weights=path).weights

        for name, pair in weights.items():
            for actual, expected in zip(loaded[name], pair, strict=True):
                np.testing.assert_array_equal(actual, expected.astype("float16"))

    def test_a_missing_one_is_said_to_be_missing(self, tmp_path):
        with pytest.raises(FileNotFoundError, match=r"nowhere\.npz"):
            load_pocket(tmp_path / "nowhere.npz")

    def test_another_file_is_refused(self, tmp_path):
        (tmp_path / "pocket.npz").write_bytes(b"not what it seems")

        with pytest.raises(ValueError, match=r"pocket\.npz' are damaged"):
            load_pocket(tmp_path / "pocket.npz")

    @pytest.mark.parametrize(
        ("shape", "message"),
        [
            (None, r"trunk3/bias of shape \(48,\).*pocket\.npz', where it is missing"),
            ((49,), r"trunk3/bias of shape \(48,\).*where it is of shape \(49,\)"),
            ((48, 1), r"trunk3/bias.*where it is of shape \(48, 1\)"),
            ((10**12,), r"trunk3/bias.*where it is of shape \(1000000000000,\)"),
        ],
    )
    def test_each_array_must_have_its_shape(self, tmp_path, shape, message):
        path = tmp_path / "pocket.npz"
        with zipfile.ZipFile(POCKET_FILE) as old, zipfile.ZipFile(path, "w") as new:
            for name in old.namelist():
                if name != "trunk3/bias.npy":
                    new.writestr(name, old.read(name))
            if shape:
                with new.open("trunk3/bias.npy", "w") as member:
                    header = {"descr": "<f2", "fortran_order": False, "shape": shape}
                    np.lib.format.write_array_header_1_0(member, header)

        with pytest.raises(ValueError, match=message):
            load_pocket(path)
