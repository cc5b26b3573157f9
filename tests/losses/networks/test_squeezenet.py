import zipfile

import numpy as np
from PIL import Image
import pytest
import skimage

from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.networks.registry import get_spec
from fast_style.losses.networks.vgg_layout import VGG16_FILE

LAYERS = tuple(get_spec("squeezenet").layers)


@pytest.fixture(scope="module")
def network():
    return make_loss_network("squeezenet", LAYERS, weights="random")


@pytest.fixture(scope="module")
def stored(network):
    """The arrays of a file with the weights of `network`."""
    arrays = {}
    for name, (kernel, bias) in network.weights.items():
        arrays |= {f"{name}/kernel": kernel, f"{name}/bias": bias}
    return arrays


@pytest.fixture
def path(stored, tmp_path):
    np.savez(tmp_path / "squeezenet.npz", **stored)
    return tmp_path / "squeezenet.npz"


def convolve(x, kernel, bias, strides=1, border=None):
    """A convolution and a ReLU in NumPy; `border` is a mode of `np.pad`."""
    size = kernel.shape[0]
    if border:
        x = np.pad(x, ((size // 2,) * 2, (size // 2,) * 2, (0, 0)), mode=border)
    height, width = (side - size + 1 for side in x.shape[:2])
    everywhere = bias + sum(
        x[i : i + height, j : j + width] @ kernel[i, j]
        for i in range(size)
        for j in range(size)
    )
    return np.maximum(everywhere[::strides, ::strides], 0)


def pool_as_caffe(x):
    """The largest of 3x3 at each second place; the last window may be cut off."""
    height, width = (-(-(side - 3) // 2) + 1 for side in x.shape[:2])
    return np.array(
        [
            [x[2 * i : 2 * i + 3, 2 * j : 2 * j + 3].max((0, 1)) for j in range(width)]
            for i in range(height)
        ]
    )


def compute_in_numpy(image, weights, padding):
    border = {"zeros": "constant", "symmetric": "symmetric"}[padding]

    def apply(name, x, **options):
        return convolve(
            x, weights[f"{name}/kernel"], weights[f"{name}/bias"], **options
        )

    x = image[..., ::-1] - (104, 117, 123)
    features = {}
    for layer in LAYERS:
        if layer == "conv1":
            border_of_first = border if padding == "symmetric" else None
            x = apply(layer, x, strides=2, border=border_of_first)
        elif layer == "conv10":
            x = apply(layer, x)
        else:
            if layer in ("fire2", "fire5", "fire9"):
                x = pool_as_caffe(x)
            x = apply(f"{layer}/squeeze1x1", x)
            halves = (
                apply(f"{layer}/expand1x1", x),
                apply(f"{layer}/expand3x3", x, border=border),
            )
            x = np.concatenate(halves, axis=-1)
        features[layer] = x
    return features


@pytest.mark.data
class TestClasses:
    """The categories of ImageNet that it was trained to tell apart."""

    @pytest.fixture
    def network(self, data):
        path = data / "loss_networks" / "squeezenet_v1.0.npz"
        return make_loss_network("squeezenet", LAYERS, weights=path)

    def classify(self, network, photo):
        scores = network(np.asarray(photo, "float32")[None], ("conv10",))["conv10"]
        return np.argsort(np.mean(scores, axis=(1, 2))[0])[::-1]

    def test_the_cat_is_a_cat(self, network):
        photo = Image.fromarray(skimage.data.chelsea()).resize((227, 227))

        egyptian_cat, tiger_cat, tabby = 285, 282, 281
        assert set(self.classify(network, photo)[:3]) == {
            egyptian_cat,
            tiger_cat,
            tabby,
        }

    def test_the_cup_is_an_espresso(self, network):
        photo = Image.fromarray(skimage.data.coffee()).resize((227, 227))

        assert self.classify(network, photo)[0] == 967

    def test_the_rocket_is_a_missile(self, network):
        photo = skimage.data.rocket()[40 : 40 + 227, 200 : 200 + 227]

        assert self.classify(network, photo)[0] == 657


class TestFeatures:
    @pytest.mark.parametrize("padding", ["zeros", "symmetric"])
    @pytest.mark.parametrize("size", [(29, 37), (34, 24)])
    def test_are_those_of_its_table_in_numpy(self, rng, stored, size, padding):
        image = rng.uniform(0, 255, (*size, 3)).astype("float32")
        network = make_loss_network(
            "squeezenet", LAYERS, weights="random", padding=padding
        )

        actual = network(image[None], LAYERS)

        for layer, expected in compute_in_numpy(image, stored, padding).items():
            assert actual[layer].shape == (1, *expected.shape), layer
            scale = np.abs(expected).max()
            np.testing.assert_allclose(
                actual[layer][0], expected, atol=1e-4 * scale, err_msg=layer
            )

    def test_at_227_pixels_have_the_sizes_of_the_paper(self, network):
        features = network(np.zeros((1, 227, 227, 3), "float32"), LAYERS)

        # Table 1 has 224 pixels and 111 after the first convolution, which needs 227.
        sides = {"conv1": 111, "conv10": 13}
        sides |= {
            f"fire{i}": 55 if i < 5 else 27 if i < 9 else 13 for i in range(2, 10)
        }
        assert {layer: f.shape[1] for layer, f in features.items()} == sides

    @pytest.mark.parametrize("layer", LAYERS)
    def test_begin_at_the_smallest_side_of_the_registry(self, network, layer):
        channels, stride, side = get_spec("squeezenet").layers[layer]
        images = [np.zeros((1, s, side + 2 * stride, 3)) for s in (side, side - 1)]

        features = network(images[0], (layer,))[layer]

        assert tuple(features.shape) == (1, 1, 3, channels)
        try:
            num_rows = network(images[1], (layer,))[layer].shape[1]
        except Exception:  # TensorFlow may refuse to pool; which error differs.
            num_rows = 0
        assert num_rows == 0

    def test_of_a_plain_colour_are_plain_up_to_the_border(self):
        network = make_loss_network(
            "squeezenet", LAYERS, weights="random", padding="symmetric"
        )
        for colour in ((200, 30, 90), (0, 0, 0), (255, 255, 255)):
            image = np.full((1, 61, 54, 3), colour, "float32")

            for layer, features in network(image, LAYERS).items():
                spread = np.ptp(features, axis=(1, 2)).max()
                assert spread <= 1e-4 * max(np.max(features), 1), layer

    def test_come_only_for_the_layers_asked_for(self, network):
        images = np.zeros((2, 40, 40, 3), "float32")

        assert set(network(images, ("fire4", "conv1"))) == {"fire4", "conv1"}
        assert network(images, ()) == {}

    def test_of_bfloat16_are_near_float32(self, rng, network):
        images = rng.uniform(0, 255, (1, 64, 64, 3)).astype("float32")
        rounded = make_loss_network(
            "squeezenet", ("fire8",), weights="random", dtype="bfloat16"
        )

        expected = np.asarray(network(images, ("fire8",))["fire8"])
        actual = np.asarray(rounded(images, ("fire8",))["fire8"])

        assert actual.dtype == "bfloat16"
        actual = actual.astype("float32")
        assert np.abs(actual - expected).mean() < 0.05 * np.abs(expected).mean()


class TestFiles:
    def test_none_is_taken_where_none_is_named(self):
        with pytest.raises(ValueError, match=r"squeezenet are not bundled.*file"):
            make_loss_network("squeezenet", LAYERS)

    def test_weights_are_kept_as_deep_as_needed(self):
        weights = make_loss_network(
            "squeezenet", ("fire2", "conv1"), weights="random"
        ).weights

        fire = {f"fire2/{part}" for part in ("squeeze1x1", "expand1x1", "expand3x3")}
        assert set(weights) == {"conv1"} | fire

    def test_another_file_does_and_may_lack_deeper_layers(self, stored, tmp_path):
        shallow = {
            key: -array
            for key, array in stored.items()
            if key.startswith(("conv1/", "fire2/"))
        }
        np.savez(tmp_path / "mine.npz", **shallow)

        for path in (tmp_path / "mine.npz", str(tmp_path / "mine.npz")):
            network = make_loss_network("squeezenet", ("fire2",), weights=path)
            for name, pair in network.weights.items():
                for part, actual in zip(("kernel", "bias"), pair, strict=True):
                    np.testing.assert_array_equal(actual, shallow[f"{name}/{part}"])
        with pytest.raises(
            ValueError, match=r"fire3/.*mine\.npz', where it is missing"
        ):
            make_loss_network("squeezenet", ("fire3",), weights=path)

    def test_a_missing_one_is_said_to_be_missing(self, tmp_path):
        with pytest.raises(FileNotFoundError, match=r"squeezenet.*nowhere\.npz"):
            make_loss_network("squeezenet", LAYERS, weights=tmp_path / "nowhere.npz")

    def test_a_damaged_one_is_refused(self, path):
        path.write_bytes(path.read_bytes()[:500_000])

        with pytest.raises(ValueError, match=r"squeezenet\.npz' are damaged"):
            make_loss_network("squeezenet", LAYERS, weights=path)

    def test_one_of_another_network_is_refused(self):
        with pytest.raises(ValueError, match=r"of squeezenet, with conv1.*vgg16\.npz"):
            make_loss_network("squeezenet", LAYERS, weights=VGG16_FILE)

    def test_an_array_that_is_far_too_large_is_refused_by_its_header(self, tmp_path):
        path = tmp_path / "trap.npz"
        with (
            zipfile.ZipFile(path, "w") as archive,
            archive.open("conv1/kernel.npy", "w") as member,
        ):
            header = {"descr": "<f4", "fortran_order": False, "shape": (7, 7, 3, 10**9)}
            np.lib.format.write_array_header_1_0(member, header)

        with pytest.raises(ValueError, match=r"conv1/kernel.*it is of shape \(7, 7, 3"):
            make_loss_network("squeezenet", ("conv1",), weights=path)
