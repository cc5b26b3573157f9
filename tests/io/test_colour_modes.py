import io

import numpy as np
from PIL import Image
import pytest

from fast_style.io.colour_modes import to_rgb_or_rgba


def convert(image, image_format="PNG", **options):
    """Writes a picture and reads it again, so that its mode is that of a file."""
    stream = io.BytesIO()
    image.save(stream, image_format, **options)
    with Image.open(stream) as opened:
        return np.asarray(to_rgb_or_rgba(opened))


def test_grey_becomes_three_equal_channels(colours):
    grey = colours[..., 0]

    converted = convert(Image.fromarray(grey))

    np.testing.assert_array_equal(converted, np.stack([grey] * 3, axis=-1))


def test_sixteen_bit_grey_keeps_its_whole_range():
    deep = np.array([[0, 257 * 100, 65535]], "uint16")

    converted = convert(Image.fromarray(deep))

    np.testing.assert_array_equal(converted[0, :, 0], [0, 100, 255])


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ([0, 100, 255], [0, 100, 255]),
        ([0, 257 * 100, 65535], [0, 100, 255]),
        ([0, 2**30, 2**31 - 1], [0, 128, 255]),
    ],
    ids=["8 bits", "16 bits", "32 bits"],
)
def test_thirty_two_bit_grey_of_which_fewer_bits_are_used(stored, expected):
    converted = convert(Image.fromarray(np.int32([stored])), "TIFF")

    np.testing.assert_array_equal(converted[0, :, 0], expected)


def test_dark_sixteen_bit_grey_stays_dark():
    converted = convert(Image.fromarray(np.uint16([[0, 100, 255]])), "TIFF")

    np.testing.assert_array_equal(converted[0, :, 0], [0, 0, 1])


def test_thirty_two_bit_float_tiff_in_0_to_1():
    values = np.array([[0.0, 0.5, 1.0]], "float32")

    converted = convert(Image.fromarray(values), "TIFF")

    np.testing.assert_array_equal(converted[0, :, 0], [0, 128, 255])


def test_cmyk_has_the_colours_of_the_photo():
    red = Image.new("RGB", (16, 16), (220, 30, 40))

    converted = convert(red.convert("CMYK"), "JPEG", quality=95)

    assert np.abs(converted - [220, 30, 40]).max() < 8


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(colours, orientation):
    # From the definition of the tag: how the stored rows and columns lie.
    upright = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, -1),
        7: lambda a: np.rot90(a, 2).transpose(1, 0, 2),
        8: lambda a: np.rot90(a, 1),
    }
    picture = Image.fromarray(colours)
    exif = picture.getexif()
    exif[0x0112] = orientation

    converted = convert(picture, exif=exif)

    np.testing.assert_array_equal(converted, upright[orientation](colours))


def test_only_transparency_adds_a_fourth_channel():
    palette = Image.new("P", (2, 1))
    palette.putpalette([255, 0, 0, 0, 0, 255])
    palette.putdata([0, 1])

    np.testing.assert_array_equal(convert(palette), [[[255, 0, 0], [0, 0, 255]]])
    np.testing.assert_array_equal(
        convert(palette, transparency=1), [[[255, 0, 0, 255], [0, 0, 255, 0]]]
    )


@pytest.mark.parametrize("mode", ["La", "RGBa"])
def test_colours_multiplied_by_transparency_are_divided_again(mode):
    plain = Image.fromarray(np.array([[[200, 128], [100, 255]]], "uint8"), "LA")
    steps = {"La": ("La",), "RGBa": ("RGBA", "RGBa")}
    picture = plain
    for step in steps[mode]:
        picture = picture.convert(step)

    converted = np.asarray(to_rgb_or_rgba(picture), int)

    expected = np.asarray(plain.convert("RGBA"), int)
    np.testing.assert_allclose(converted, expected, atol=1)


class TestFloats:
    """Numbers of measurements: heights, counts, what a telescope saw."""

    def test_nan_is_left_out_and_the_rest_stays(self):
        values = np.float32([[0.0, np.nan, 0.5, 1.0]])

        converted = convert(Image.fromarray(values), "TIFF")

        np.testing.assert_array_equal(converted[0, :, 0], [0, 0, 128, 255])

    @pytest.mark.parametrize(
        "values",
        [[0, 1365, 2730, 4095], [-4, -2, 0, 2], [7e4, 8e4, 9e4, 1e5]],
        ids=["12 bits", "below zero", "far from zero"],
    )
    def test_another_range_is_scaled_with_a_notice(self, values):
        image = Image.fromarray(np.float32([values]))

        with pytest.warns(UserWarning, match=f"to {values[-1]:g}, and none says"):
            converted = convert(image, "TIFF")

        np.testing.assert_allclose(converted[0, :, 0], [0, 85, 170, 255], atol=1)

    def test_infinite_numbers_do_not_count(self):
        values = np.float32([[0.0, 4095.0, np.inf, -np.inf]])

        with pytest.warns(UserWarning, match="from 0 to 4095"):
            converted = convert(Image.fromarray(values), "TIFF")

        np.testing.assert_array_equal(converted[0, :, 0], [0, 255, 0, 0])

    def test_numbers_of_eight_bits_stay(self):
        converted = convert(Image.fromarray(np.float32([[0, 100, 255]])), "TIFF")

        np.testing.assert_array_equal(converted[0, :, 0], [0, 100, 255])

    def test_nothing_but_nan_is_refused(self):
        image = Image.fromarray(np.full((2, 2), np.nan, "float32"))

        with pytest.raises(ValueError, match="all of its pixels are NaN"):
            convert(image, "TIFF")
