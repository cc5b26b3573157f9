import io
import os

import numpy as np
from PIL import Image
import pytest

from fast_style.io.arrays import array_to_images
from fast_style.io.arrays import images_to_array
from fast_style.io.arrays import to_uint8
from fast_style.io.contact_sheets import make_contact_sheet
from fast_style.io.images import load_image
from fast_style.io.images import open_image
from fast_style.io.images import resize_to_longer_side
from fast_style.io.images import save_image


def encode(image, image_format="PNG", **options):
    stream = io.BytesIO()
    image.save(stream, image_format, **options)
    return stream.getvalue()


@pytest.fixture
def colours(rng):
    return rng.integers(0, 256, (5, 7, 3), "uint8")


class TestLoadImage:
    def test_path_bytes_and_picture_give_the_same_array(self, colours, tmp_path):
        picture = Image.fromarray(colours)
        picture.save(tmp_path / "photo.png")

        for source in (tmp_path / "photo.png", encode(picture), picture):
            loaded = load_image(source)
            assert loaded.dtype == np.float32
            np.testing.assert_array_equal(loaded, colours)

    def test_grey_becomes_three_equal_channels(self, colours):
        grey = colours[..., 0]

        loaded = load_image(encode(Image.fromarray(grey)))

        np.testing.assert_array_equal(loaded, np.stack([grey] * 3, axis=-1))

    def test_sixteen_bit_grey_keeps_its_whole_range(self):
        deep = np.array([[0, 257 * 100, 65535]], "uint16")

        loaded = load_image(encode(Image.fromarray(deep)))

        np.testing.assert_array_equal(loaded[0, :, 0], [0, 100, 255])

    def test_thirty_two_bit_float_tiff_in_0_to_1(self):
        values = np.array([[0.0, 0.5, 1.0]], "float32")

        loaded = load_image(encode(Image.fromarray(values), "TIFF"))

        np.testing.assert_array_equal(loaded[0, :, 0], [0, 128, 255])

    def test_cmyk_has_the_colours_of_the_photo(self):
        red = Image.new("RGB", (16, 16), (220, 30, 40))

        loaded = load_image(encode(red.convert("CMYK"), "JPEG", quality=95))

        assert np.abs(loaded - [220, 30, 40]).max() < 8

    def test_palette_with_a_transparent_colour_shows_white_there(self):
        picture = Image.new("P", (2, 1))
        picture.putpalette([255, 0, 0, 0, 0, 255])
        picture.putdata([0, 1])

        loaded = load_image(encode(picture, transparency=1))

        np.testing.assert_array_equal(loaded, [[[255, 0, 0], [255, 255, 255]]])

    def test_half_transparent_black_over_white_is_grey(self):
        picture = Image.new("RGBA", (1, 1), (0, 0, 0, 128))

        np.testing.assert_allclose(load_image(picture), 127, atol=1)

    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_exif_orientation_is_applied(self, colours, orientation):
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

        loaded = load_image(encode(picture, exif=exif))

        np.testing.assert_array_equal(loaded, upright[orientation](colours))

    def test_an_animation_gives_its_first_frame(self):
        frames = [Image.new("RGB", (3, 2), c) for c in ("red", "blue")]
        data = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])

        np.testing.assert_array_equal(load_image(data)[0, 0], [255, 0, 0])

    @pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "GIF", "TIFF"])
    def test_a_file_cut_short_is_an_error(self, rng, image_format):
        data = encode(
            Image.fromarray(rng.integers(0, 256, (64, 64, 3), "uint8")), image_format
        )

        with pytest.raises(ValueError, match=r"damaged or cut short|not one"):
            load_image(data[: len(data) // 2])

    @pytest.mark.parametrize("data", [b"", b"GIF89a", b"this is a text"])
    def test_what_is_no_picture_is_an_error(self, data, tmp_path):
        (tmp_path / "photo.jpg").write_bytes(data)

        with pytest.raises(ValueError, match=r"photo\.jpg"):
            load_image(tmp_path / "photo.jpg")

    def test_a_missing_file_is_named(self, tmp_path):
        with pytest.raises(FileNotFoundError, match=r"nowhere\.png"):
            load_image(tmp_path / "nowhere.png")

    def test_a_decompression_bomb_is_refused_before_decoding(self, monkeypatch):
        data = encode(Image.new("L", (400, 300)))
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)

        with pytest.raises(ValueError, match="too large to decode safely"):
            load_image(data)

    def test_a_jpeg_is_decoded_smaller_if_that_is_enough(self, photo_path):
        data = encode(Image.open(photo_path), "JPEG")

        small = open_image(data, smallest_size=(100, 100))

        assert small.size == (150, 100)


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


def test_resizing_keeps_the_shape_of_the_photo(rng):
    image = rng.uniform(0, 255, (30, 60, 3))

    assert resize_to_longer_side(image, 20).shape == (10, 20, 3)
    assert resize_to_longer_side(image, 120).shape == (60, 120, 3)
    assert resize_to_longer_side(image[:1], 20).shape == (1, 20, 3)


class TestSaveImage:
    @pytest.mark.parametrize(
        "suffix", [".png", ".jpg", ".JPEG", ".webp", ".bmp", ".tif"]
    )
    def test_writes_the_format_of_the_suffix(self, tmp_path, suffix):
        path = tmp_path / "new" / f"picture{suffix}"

        save_image(np.full((16, 16, 3), 100.0), path)

        np.testing.assert_allclose(load_image(path), 100, atol=2)

    def test_keeps_transparency_where_the_format_can(self, tmp_path):
        picture = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
        save_image(picture, tmp_path / "a.png")
        save_image(picture, tmp_path / "a.jpg")

        assert open_image(tmp_path / "a.png").mode == "RGBA"
        assert load_image(tmp_path / "a.jpg").min() > 250

    @pytest.mark.parametrize("name", ["picture", "picture.txt", "picture.pdfx"])
    def test_refuses_other_suffixes(self, tmp_path, name):
        with pytest.raises(ValueError, match=r"`path` must end as a picture does"):
            save_image(np.zeros((2, 2, 3)), tmp_path / name)

    def test_a_full_disk_leaves_the_old_picture_and_no_other_file(
        self, tmp_path, monkeypatch
    ):
        path = tmp_path / "picture.png"
        save_image(np.zeros((2, 2, 3)), path)
        before = path.read_bytes()

        def fill_the_disk(*args, **options):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Image.Image, "save", fill_the_disk)
        with pytest.raises(OSError, match="No space left"):
            save_image(np.ones((2, 2, 3)), path)

        assert path.read_bytes() == before
        assert os.listdir(tmp_path) == ["picture.png"]

    def test_permissions_are_those_of_any_new_file(self, tmp_path):
        (tmp_path / "plain").touch()
        save_image(np.zeros((2, 2, 3)), tmp_path / "picture.png")

        plain, picture = (tmp_path / n for n in ("plain", "picture.png"))
        assert picture.stat().st_mode == plain.stat().st_mode


def test_contact_sheet_scales_all_to_one_height():
    wide, tall = np.zeros((10, 40, 3)), np.full((40, 20, 3), 200.0)

    sheet = make_contact_sheet([[wide, tall], [tall]], height=20, gap=2)

    assert sheet.shape == (42, 80 + 2 + 10, 3)
    np.testing.assert_array_equal(sheet[5, 5], [0, 0, 0])
    np.testing.assert_array_equal(sheet[5, 85], [200, 200, 200])
    np.testing.assert_array_equal(sheet[30, 5], [200, 200, 200])
    np.testing.assert_array_equal(sheet[30, 50], [255, 255, 255])
