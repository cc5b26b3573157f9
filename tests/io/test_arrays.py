import numpy as np
import pytest

from fast_style.io.arrays import array_to_images
from fast_style.io.arrays import images_to_array
from fast_style.io.arrays import to_uint8


class TestArrays:
    @pytest.mark.parametrize("shape", [(4, 5), (4, 5, 1), (4, 5, 3), (2, 4, 5, 3)])
    def test_come_back_as_rgb_of_the_same_form(self, rng, shape):
        array = rng.integers(0, 256, shape, "uint8")

        colours, alpha = array_to_images(array)
        back = images_to_array(colours, alpha, like=array)

        grey = len(shape) == 2 or shape[-1] == 1
        expected = np.stack([array.reshape(4, 5)] * 3, axis=-1) if grey else array
        assert colours.shape[1:] == (4, 5, 3)
        np.testing.assert_array_equal(back, expected)
        assert back.dtype == np.uint8

    def test_uint16_uses_its_own_range(self):
        array = np.array([[[0, 257, 65535]]], "uint16")

        colours, alpha = array_to_images(array)

        np.testing.assert_array_equal(colours, [[[[0, 1, 255]]]])
        back = images_to_array(colours, alpha, like=array)
        np.testing.assert_array_equal(back, array)

    def test_what_nobody_sees_gets_the_mean_of_what_is_seen(self):
        array = np.zeros((1, 3, 4), "uint8")
        array[0] = [[10, 20, 30, 255], [20, 40, 60, 1], [255, 0, 255, 0]]

        colours, alpha = array_to_images(array)

        np.testing.assert_array_equal(colours[0, 0, 2], [15, 30, 45])
        np.testing.assert_array_equal(alpha[..., 0], [[[255, 1, 0]]])
        assert array[0, 2, 0] == 255  # The caller's array is not touched.

    @pytest.mark.parametrize(
        "array",
        [
            np.zeros((4,), "uint8"),
            np.zeros((4, 5, 2), "uint8"),
            np.zeros((1, 1, 4, 5, 3), "uint8"),
            np.zeros((0, 5, 3), "uint8"),
            np.zeros((4, 5, 3), "int64"),
            np.zeros((4, 5, 3), "bool"),
            np.full((4, 5, 3), 300.0),
            np.full((4, 5, 3), -1.0),
            np.full((4, 5, 3), np.nan),
        ],
        ids=lambda a: f"{a.shape}-{a.dtype}",
    )
    def test_others_are_refused(self, array):
        with pytest.raises(
            ValueError, match=r"`image` must be an array .* Received: sh"
        ):
            array_to_images(array)

    def test_floats_up_to_one_are_taken_for_a_mistake(self):
        with pytest.raises(ValueError, match="Multiply by 255"):
            array_to_images(np.full((4, 5, 3), 0.5))


def test_to_uint8_rounds_and_cuts():
    values = np.array([-3.0, 0.4, 0.6, 254.6, 400.0])

    np.testing.assert_array_equal(to_uint8(values), [0, 0, 1, 255, 255])
