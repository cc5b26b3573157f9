"""Pictures and files that nobody thought of."""

import io
import itertools
import pathlib
import warnings

from hypothesis import given
from hypothesis import HealthCheck
from hypothesis import settings
from hypothesis import strategies as st
import numpy as np
from PIL import Image
import pytest

from fast_style.inference.stylizer import load_style
from fast_style.io.images import open_image
from fast_style.models.style_files import read_style

# The same examples in each run.
reproducible = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
DTYPES = ("uint8", "uint16", "float16", "float32", "float64")
MODES = (
    "1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr",
    "HSV", "LAB", "I", "I;16", "F",
)  # fmt: skip
options_of_stylize = st.fixed_dictionaries(
    {},
    optional={
        "strength": st.floats(0, 1),
        "preserve_color": st.booleans(),
        "scale": st.floats(0.25, 4),
        "tile": st.sampled_from(["auto", None, 16, 40]),
        "statistics": st.sampled_from(["exact", "thumbnail"]),
    },
)


@pytest.fixture(scope="module")
def stylizer(trained_run):
    return load_style(trained_run)


@st.composite
def arrays(draw):
    shape = draw(st.tuples(st.integers(1, 40), st.integers(1, 40)))
    channels = draw(st.sampled_from([None, 1, 3, 4]))
    if channels:
        shape = (*shape, channels)
        batch = draw(st.sampled_from([None, 1, 2, 3]))
        shape = (batch, *shape) if batch else shape
    dtype = draw(st.sampled_from(DTYPES))
    highest = 65535 if dtype == "uint16" else 255
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    # Noise, or one colour, of which nothing is left to normalize.
    size = draw(st.sampled_from([shape, (1,) * len(shape)]))
    values = (
        rng.integers(0, highest + 1, size)
        if highest > 255
        else (rng.uniform(1, 255, size))
    )
    return np.array(np.broadcast_to(values, shape)).astype(dtype)


@reproducible
@given(array=arrays(), options=options_of_stylize)
def test_an_array_comes_back_in_its_size_and_kind(stylizer, array, options):
    stylized = stylizer(array, **options)

    has_alpha = array.ndim > 2 and array.shape[-1] == 4
    plain = array.shape if array.ndim == 2 else array.shape[:-1]
    assert stylized.shape == (*plain, 4 if has_alpha else 3)
    assert stylized.dtype == array.dtype
    highest = 65535 if array.dtype == np.uint16 else 255
    assert stylized.min() >= 0
    assert stylized.max() <= highest
    if has_alpha and options.get("scale", 1) == 1:
        np.testing.assert_array_equal(stylized[..., 3], array[..., 3])


@st.composite
def pictures(draw):
    size = draw(st.tuples(st.integers(1, 40), st.integers(1, 40)))
    picture = Image.effect_noise(size, draw(st.floats(0, 100)))
    mode = draw(st.sampled_from(MODES))
    if mode == "LAB":
        return Image.merge("LAB", (picture,) * 3)
    for step in {"RGBa": ("RGBA", "RGBa"), "La": ("LA", "La")}.get(mode, (mode,)):
        picture = picture.convert(step)
    return picture


@reproducible
@given(picture=pictures(), options=options_of_stylize)
def test_a_picture_comes_back_in_its_size(stylizer, picture, options):
    stylized = stylizer(picture, **options)

    assert stylized.size == picture.size
    assert stylized.mode in ("RGB", "RGBA")
    assert (stylized.mode == "RGBA") == picture.has_transparency_data


def damage(data, rng):
    """Changes, cuts, repeats or inserts some bytes."""
    data = bytearray(data)
    for _ in range(rng.integers(1, 6)):
        place = int(rng.integers(0, len(data)))
        length = int(rng.integers(1, 9))
        match rng.integers(0, 4):
            case 0:
                data[place] = rng.integers(0, 256)
            case 1:
                data[place : place + length] = rng.bytes(length)
            case 2:
                del data[place : place + int(rng.integers(1, len(data)))]
                if not data:
                    data = bytearray(b"x")
            case 3:
                data[place:place] = data[place : place + 4 * length]
    return bytes(data)


@pytest.mark.parametrize(
    "suffix", ["png", "jpeg", "webp", "gif", "tiff", "bmp", "ppm", "avif"]
)
def test_a_damaged_picture_gives_our_own_error_or_a_picture(suffix, rng):
    source = io.BytesIO()
    colours = rng.integers(0, 256, (40, 30, 3), "uint8")
    Image.fromarray(colours).save(source, suffix)
    refused = 0

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, of damaged notes.
        for _ in range(150):
            damaged = damage(source.getvalue(), rng)
            try:
                image = open_image(damaged, max_pixels=10**6)
            except ValueError:  # Of `open_image`; with any other the test fails.
                refused += 1
            else:
                assert image.mode in ("RGB", "RGBA")

    assert refused > 0


def test_a_damaged_style_gives_our_own_error_or_a_style(trained_run, tmp_path, rng):
    data = pathlib.Path(trained_run / "style.keras").read_bytes()
    path = tmp_path / "style.keras"
    refused = 0

    for _ in range(200):
        path.write_bytes(damage(data, rng))
        try:
            style = read_style(path)
        except ValueError:
            refused += 1
        else:
            assert all(np.isfinite(x).all() for x in style.weights.values())

    assert refused > 100


def test_no_shape_of_a_small_picture_fails(stylizer):
    for height, width in itertools.product((1, 2, 3, 4, 5, 15, 16, 17), repeat=2):
        image = np.full((height, width, 3), 200, "uint8")

        assert stylizer(image).shape == image.shape
