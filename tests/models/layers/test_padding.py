import numpy as np
import pytest

from fast_style.models.layers.padding import CropLike
from fast_style.models.layers.padding import PadToMultiple
from fast_style.models.layers.padding import ReflectionPadding2D


class TestReflectionPadding2D:
    def test_is_numpys_reflection(self, rng):
        images = rng.normal(size=(2, 5, 6, 3)).astype("float32")
        expected = np.pad(images, ((0, 0), (2, 2), (2, 2), (0, 0)), mode="reflect")

        np.testing.assert_array_equal(ReflectionPadding2D(2)(images), expected)

    def test_survives_saving(self, check_saving):
        check_saving(ReflectionPadding2D(3))


class TestPadToMultipleAndCropLike:
    @pytest.mark.parametrize("size", [(1, 1), (1, 7), (2, 3), (16, 17), (20, 24)])
    def test_pads_as_numpy_reflects_however_small(
        self, rng, size, run_in_unknown_size_graph
    ):
        images = rng.normal(size=(1, *size, 2)).astype("float32")
        layer = PadToMultiple(4, 16)

        actual = np.asarray(layer(images))

        added = [max(-(-n // 4) * 4, 16) - n for n in size]
        sides = ((0, 0), (0, added[0]), (0, added[1]), (0, 0))
        # NumPy reflects again and again, too.
        np.testing.assert_array_equal(actual, np.pad(images, sides, mode="reflect"))
        np.testing.assert_array_equal(run_in_unknown_size_graph(layer, images), actual)

    @pytest.mark.parametrize("size", [(1, 1), (3, 50), (16, 17)])
    def test_cropping_undoes_padding(self, rng, size, run_in_unknown_size_graph):
        images = rng.normal(size=(2, *size, 3)).astype("float32")
        padded = PadToMultiple(4, 16)(images)
        crop = CropLike()

        np.testing.assert_array_equal(crop([padded, images]), images)
        actual = run_in_unknown_size_graph(crop, np.asarray(padded), images)
        np.testing.assert_array_equal(actual, images)

    def test_survives_saving(self, check_saving):
        check_saving(PadToMultiple(4, 16))
