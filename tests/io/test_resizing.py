import numpy as np
from PIL import Image
import pytest

from fast_style.io.resizing import fit_size
from fast_style.io.resizing import resize_array


@pytest.mark.parametrize(
    ("size", "side", "expected"),
    [((600, 400), 300, (300, 200)), ((1, 999), 10, (1, 10)), ((5, 5), 7, (7, 7))],
)
def test_fits_a_size(size, side, expected):
    assert fit_size(size, side) == expected


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
@pytest.mark.parametrize("channels", [None, 1, 3, 4])
def test_plain_colours_stay_and_so_does_the_dtype(dtype, channels):
    shape = (12, 8) if channels is None else (12, 8, channels)
    array = np.full(shape, 200, dtype)

    for size in ((30, 17), (5, 3), (12, 8)):
        resized = resize_array(array, size)

        assert resized.dtype == array.dtype
        assert resized.shape == size + shape[2:]
        np.testing.assert_allclose(resized, 200, rtol=1e-5)


def test_sixteen_bits_are_resized_as_eight_but_finer(rng):
    fine = rng.integers(0, 65536, (40, 30, 3), "uint16")

    resized = resize_array(fine, (11, 9))

    coarse = np.rint(fine / 257).astype("uint8")
    picture = Image.fromarray(coarse).resize((9, 11), Image.Resampling.BICUBIC)
    np.testing.assert_allclose(resized / 257, np.asarray(picture), atol=1.5)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_what_is_hidden_does_not_bleed(dtype):
    array = np.zeros((16, 16, 4), dtype)
    array[:, 8:] = 255  # White and opaque beside black and hidden.

    resized = resize_array(array, (4, 4))

    visible = resized[..., 3] > 1
    assert resized[visible][:, :3].min() > 240


def test_nothing_leaves_the_range(rng):
    array = rng.choice([0.0, 255.0], (20, 20, 3)).astype("float32")

    resized = resize_array(array, (50, 50))

    assert resized.min() >= 0
    assert resized.max() <= 255
