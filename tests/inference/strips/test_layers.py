import keras
import numpy as np
import pytest

from fast_style.inference.strips import layers
from fast_style.inference.strips.pictures import PictureRows
from fast_style.models.layers.noise import ConcatenateNoise
from fast_style.models.layers.normalization import InstanceNormalization
from fast_style.models.layers.padding import PadToMultiple
from fast_style.models.layers.padding import ReflectionPadding2D
from fast_style.models.layers.upsampling import BilinearUpsampling2D
from fast_style.models.noise_tiles import make_noise_tiles


class Given:
    """A layer whose numbers are given."""

    def __init__(self, array):
        self._array = array
        self.height, self.width, self.channels = array.shape

    def rows(self, begin, end):
        assert 0 <= begin < end <= self.height
        return self._array[begin:end].copy()


@pytest.fixture
def array(rng):
    return rng.normal(size=(20, 12, 5)).astype("float32")


def assert_rows(layer, expected):
    expected = np.asarray(expected)[0]
    assert (layer.height, layer.width, layer.channels) == expected.shape
    for begin in range(layer.height):
        for end in {begin + 1, min(begin + 7, layer.height), layer.height}:
            rows = layer.rows(begin, end)
            assert rows.dtype == np.float32
            np.testing.assert_allclose(rows, expected[begin:end], atol=1e-4)


@pytest.mark.parametrize("size", [(1, 1), (3, 50), (17, 64), (21, 19)])
def test_the_photo_is_mirrored_to_the_networks_sizes(rng, size):
    image = rng.integers(0, 256, (*size, 3), "uint8")

    padded = PadToMultiple(4, 16)(image[None].astype("float32"))

    assert_rows(layers.Photo(PictureRows(image), 4), padded / 127.5 - 1)


@pytest.mark.parametrize("size", [3, 5, 9])
@pytest.mark.parametrize("stride", [1, 2])
def test_a_convolution(array, rng, size, stride):
    kernel = rng.normal(size=(size, size, 5, 4)).astype("float32")
    bias = rng.normal(size=4).astype("float32")

    padded = ReflectionPadding2D(size // 2)(array[None])
    expected = keras.ops.conv(padded, kernel, stride, "valid") + bias

    layer = layers.Convolution(Given(array), kernel, bias, stride=stride)
    assert_rows(layer, expected)


@pytest.mark.parametrize("has_relu", [False, True])
def test_a_normalization(array, rng, has_relu):
    gamma, beta = rng.normal(size=(2, 5)).astype("float32")
    normalization = InstanceNormalization()
    normalization.build((None, None, None, 5))
    normalization.set_weights([gamma, beta])
    expected = np.asarray(normalization(array[None]))
    moments = array.mean(axis=(0, 1)), array.var(axis=(0, 1))

    layer = layers.Normalization(Given(array), moments, gamma, beta, has_relu=has_relu)

    assert_rows(layer, np.maximum(expected, 0) if has_relu else expected)


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear"])
def test_upsampling(array, interpolation):
    if interpolation == "nearest":
        expected = keras.layers.UpSampling2D()(array[None])
    else:
        expected = BilinearUpsampling2D()(array[None])

    assert_rows(layers.Upsampling(Given(array), interpolation), expected)


def test_noise_and_concatenation():
    zeros = np.zeros((70, 66, 2), "float32")

    tiles = make_noise_tiles(3, (0.0, 1.0, 5.0))

    layer = layers.Concatenated(Given(zeros), layers.Noise(Given(zeros), tiles))

    assert_rows(layer, ConcatenateNoise(3, (0.0, 1.0, 5.0))(zeros[None]))


def test_a_sum(array):
    assert_rows(layers.Sum(Given(array), Given(2 * array)), 3 * array[None])
