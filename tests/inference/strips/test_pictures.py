import numpy as np
import pytest

from fast_style.inference.strips.pictures import PictureRows
from fast_style.io.arrays import array_to_images
from fast_style.io.arrays import images_to_array


@pytest.mark.parametrize("channels", [None, 1, 3, 4])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float64"])
def test_rows_and_results_are_those_of_the_whole_array(rng, channels, dtype):
    shape = (300, 7) if channels is None else (300, 7, channels)
    high = 65536 if dtype == "uint16" else 256
    array = rng.integers(0, high, shape).astype(dtype)
    if channels == 4:
        array[50:90, :, 3] = 0
    images, alpha = array_to_images(array)
    stylized = 255 - images

    picture = PictureRows(array)
    output = picture.make_output()
    for begin, end in ((0, 100), (100, 299), (299, 300)):
        rows = picture.rows(np.arange(begin, end))
        np.testing.assert_allclose(rows, images[0, begin:end], atol=1e-3)
        picture.write(output, begin, stylized[0, begin:end])

    expected = images_to_array(stylized, alpha, like=array)
    assert output.dtype == expected.dtype
    np.testing.assert_array_equal(output, expected)


def test_a_picture_of_nothing_visible_is_no_error():
    picture = PictureRows(np.zeros((4, 5, 4), "uint8"))

    assert not picture.rows(np.arange(4)).any()


def test_another_array_is_refused():
    with pytest.raises(ValueError, match="`image` must be an array"):
        PictureRows(np.full((4, 5, 3), -1.0))
