import io
import os
import threading

import numpy as np
from PIL import Image
import pytest

from fast_style.io import images
from fast_style.io.images import load_image
from fast_style.io.images import load_resized
from fast_style.io.images import open_array
from fast_style.io.images import open_image
from fast_style.io.images import read_declared_size
from fast_style.io.images import read_image_size
from fast_style.io.images import resize_to_longer_side


def encode(image, image_format="PNG", **options):
    stream = io.BytesIO()
    image.save(stream, image_format, **options)
    return stream.getvalue()


class TestLoadImage:
    def test_path_bytes_and_picture_give_the_same_array(self, colours, tmp_path):
        picture = Image.fromarray(colours)
        picture.save(tmp_path / "photo.png")

        for source in (tmp_path / "photo.png", encode(picture), picture):
            loaded = load_image(source)
            assert loaded.dtype == np.float32
            np.testing.assert_array_equal(loaded, colours)

    def test_palette_with_a_transparent_colour_shows_white_there(self):
        picture = Image.new("P", (2, 1))
        picture.putpalette([255, 0, 0, 0, 0, 255])
        picture.putdata([0, 1])

        loaded = load_image(encode(picture, transparency=1))

        np.testing.assert_array_equal(loaded, [[[255, 0, 0], [255, 255, 255]]])

    def test_half_transparent_black_over_white_is_grey(self):
        picture = Image.new("RGBA", (1, 1), (0, 0, 0, 128))

        np.testing.assert_allclose(load_image(picture), 127, atol=1)

    def test_the_second_picture_of_a_phones_jpeg_is_none_that_is_lost(self, tmp_path):
        red, blue = (Image.new("RGB", (8, 8), colour) for colour in ("red", "blue"))
        red.save(tmp_path / "photo.jpg", "MPO", save_all=True, append_images=[blue])

        # Of which pytest would make an error, if it warned.
        assert load_image(tmp_path / "photo.jpg")[0, 0, 0] > 250

    def test_an_animation_gives_its_first_frame(self):
        frames = [Image.new("RGB", (3, 2), c) for c in ("red", "blue")]
        data = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])

        with pytest.warns(UserWarning, match="has 2 frames or pages; only the first"):
            first = load_image(data)

        np.testing.assert_array_equal(first[0, 0], [255, 0, 0])

    @pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "GIF", "TIFF"])
    def test_a_file_cut_short_is_an_error(self, rng, image_format):
        data = encode(
            Image.fromarray(rng.integers(0, 256, (64, 64, 3), "uint8")), image_format
        )

        with pytest.raises(ValueError, match=r"damaged or cut short|not one"):
            load_image(data[: len(data) // 2])

    def test_a_picture_of_pillow_that_is_cut_short_is_an_error(self, rng):
        data = encode(Image.fromarray(rng.integers(0, 256, (64, 64, 3), "uint8")))
        opened = Image.open(io.BytesIO(data[: len(data) // 2]))

        with pytest.raises(ValueError, match="the given picture is damaged or cut"):
            load_image(opened)

    @pytest.mark.parametrize("convert", [bytearray, memoryview, io.BytesIO])
    def test_bytes_of_any_kind_and_open_files(self, colours, convert):
        data = encode(Image.fromarray(colours))

        np.testing.assert_array_equal(load_image(convert(data)), colours)

    def test_an_open_file_that_is_no_picture_is_named(self, tmp_path):
        (tmp_path / "notes.txt").write_bytes(b"this is a text")

        with (
            open(tmp_path / "notes.txt", "rb") as file,
            pytest.raises(ValueError, match=r"notes\.txt"),
        ):
            load_image(file)

    @pytest.mark.parametrize("source", [None, 3, ["photo.jpg"]], ids=str)
    def test_what_cannot_be_a_picture_is_named_with_its_type(self, source):
        with pytest.raises(TypeError, match=f"of type {type(source).__name__}"):
            load_image(source)

    @pytest.mark.parametrize("data", [b"", b"GIF89a", b"this is a text"])
    def test_what_is_no_picture_is_an_error(self, data, tmp_path):
        (tmp_path / "photo.jpg").write_bytes(data)

        with pytest.raises(ValueError, match=r"photo\.jpg"):
            load_image(tmp_path / "photo.jpg")

    def test_a_missing_file_is_named(self, tmp_path):
        with pytest.raises(FileNotFoundError, match=r"nowhere\.png"):
            load_image(tmp_path / "nowhere.png")

    def test_a_decompression_bomb_is_refused_before_decoding(self):
        data = encode(Image.new("L", (400, 300)))

        with pytest.raises(ValueError, match="400x300 pixels, where at most 119999"):
            open_image(data, max_pixels=119_999)
        assert open_image(data, max_pixels=120_000).size == (400, 300)

    def test_pillows_own_limit_stays_and_does_not_matter(self, monkeypatch):
        data = encode(Image.new("L", (400, 300)))
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)

        assert load_image(data).shape == (300, 400, 3)
        assert Image.MAX_IMAGE_PIXELS == 1000

    def test_a_jpeg_is_decoded_smaller_if_that_is_enough(self, photo_path):
        data = encode(Image.open(photo_path), "JPEG")

        small = open_image(data, smallest_size=(100, 100))

        assert small.size == (150, 100)


class TestReadImageSize:
    @pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
    def test_is_that_of_the_header(self, rng, tmp_path, image_format):
        pixels = rng.integers(0, 256, (40, 60, 3), "uint8")
        data = encode(Image.fromarray(pixels), image_format)
        (tmp_path / "whole").write_bytes(data)
        (tmp_path / "cut").write_bytes(data[: len(data) // 2])

        assert read_image_size(tmp_path / "whole") == (60, 40)
        with pytest.raises(ValueError, match="damaged or cut short"):
            read_image_size(tmp_path / "cut")

    def test_zeros_after_the_end_do_no_harm(self, tmp_path):
        data = encode(Image.new("RGB", (60, 40)), "JPEG")
        (tmp_path / "photo.jpg").write_bytes(data + bytes(20))

        assert read_image_size(tmp_path / "photo.jpg") == (60, 40)


class TestResizing:
    def test_keeps_the_ratio_of_the_sides(self, rng):
        image = rng.uniform(0, 255, (30, 60, 3))

        assert resize_to_longer_side(image, 20).shape == (10, 20, 3)
        assert resize_to_longer_side(image, 120).shape == (60, 120, 3)
        assert resize_to_longer_side(image[:1], 20).shape == (1, 20, 3)

    def test_files_and_arrays_come_out_alike(self, colours, tmp_path):
        Image.fromarray(colours).save(tmp_path / "photo.png")

        from_file = load_resized(tmp_path / "photo.png", 14)

        assert from_file.shape == (10, 14, 3)
        assert from_file.dtype == np.float32
        np.testing.assert_array_equal(load_resized(colours, 14), from_file)

    def test_size_0_keeps_the_pixels(self, colours):
        np.testing.assert_array_equal(load_resized(colours, 0), colours)
        np.testing.assert_array_equal(
            load_resized(encode(Image.fromarray(colours)), 0), colours
        )


class TestReadDeclaredSize:
    def test_decodes_nothing(self, photo_path, tmp_path):
        cut = tmp_path / "cut.png"
        cut.write_bytes(photo_path.read_bytes()[:100])

        assert read_declared_size(photo_path) == (600, 400)
        assert read_declared_size(cut) == (600, 400)

    def test_another_file_is_an_error(self, tmp_path):
        (tmp_path / "a.png").write_text("no picture")

        with pytest.raises(ValueError, match="which is not one"):
            read_declared_size(tmp_path / "a.png")


class TestOpenArray:
    def test_is_what_open_image_gives_and_its_notes(self, colours, tmp_path):
        exif = Image.Exif()
        exif[0x010F] = "A maker"
        Image.fromarray(colours).save(tmp_path / "a.png", exif=exif)

        array, notes = open_array(tmp_path / "a.png", is_deep=True)

        np.testing.assert_array_equal(array, colours)
        assert notes == open_image(tmp_path / "a.png").info
        assert list(notes) == ["exif"]

    @pytest.mark.parametrize("suffix", [".png", ".tif"])
    def test_sixteen_bits_are_kept_if_asked_for(self, rng, tmp_path, suffix):
        deep = rng.integers(0, 65536, (5, 7), dtype=np.uint16)
        path = tmp_path / f"a{suffix}"
        Image.fromarray(deep).save(path)

        array, _ = open_array(path, is_deep=True)
        shallow, _ = open_array(path)

        np.testing.assert_array_equal(array, deep[..., None].repeat(3, axis=-1))
        assert shallow.dtype == np.uint8
        np.testing.assert_allclose(shallow, array / 257, atol=0.51)

    def test_without_libvips_a_warning_names_the_command(self, tmp_path, monkeypatch):
        Image.fromarray(np.full((2, 3), 65535, "uint16")).save(tmp_path / "a.png")
        monkeypatch.setattr(images, "is_installed", lambda package: False)

        with pytest.warns(UserWarning, match=r'pip install "fast_style\[deep_color\]"'):
            array, _ = open_array(tmp_path / "a.png", is_deep=True)

        np.testing.assert_array_equal(array, np.full((2, 3, 3), 255, "uint8"))

    def test_the_limit_of_pixels_counts(self, tmp_path):
        Image.fromarray(np.zeros((20, 30), "uint16")).save(tmp_path / "a.png")

        with pytest.raises(ValueError, match="30x20 pixels, where at most 599"):
            open_array(tmp_path / "a.png", is_deep=True, max_pixels=599)


def test_what_can_be_read_once_is_read_once(photo_path, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    data = photo_path.read_bytes()

    def feed():
        threading.Thread(target=pipe.write_bytes, args=[data], daemon=True).start()

    feed()
    by_path = load_image(pipe)
    feed()
    with open(pipe, "rb") as stream:
        by_stream = load_image(stream)

    np.testing.assert_array_equal(by_path, load_image(photo_path))
    np.testing.assert_array_equal(by_stream, by_path)
