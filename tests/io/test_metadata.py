import numpy as np
from PIL import Image
from PIL import PngImagePlugin
import pytest

from fast_style.inference.loaded import LoadedStyle
from fast_style.inference.stylizer import Stylizer
from fast_style.io.images import load_image
from fast_style.io.images import open_array
from fast_style.io.images import open_image
from fast_style.io.metadata import read_notes
from fast_style.io.saving import save_image
from fast_style.io.stored_rows import StoredRows


@pytest.fixture
def photo(profile):
    photo = Image.new("RGB", (8, 6), (170, 120, 90))
    photo.info["icc_profile"] = profile
    exif = photo.getexif()
    exif[0x010F] = "A maker"
    exif[0x0112] = 6
    photo.info["exif"] = exif.tobytes()
    return photo


@pytest.fixture
def path(photo, tmp_path):
    path = tmp_path / "photo.png"
    photo.save(path, exif=photo.info["exif"], icc_profile=photo.info["icc_profile"])
    return path


def test_colours_are_converted_by_the_profile(path, convert_to_srgb):
    colour = load_image(path)[0, 0]

    np.testing.assert_allclose(colour, convert_to_srgb((170, 120, 90)), atol=1.01)
    assert np.abs(colour - (170, 120, 90)).max() > 5  # Without it, dull.


@pytest.mark.parametrize("mode", ["RGBA", "L", "CMYK", "P"])
def test_other_modes_are_read_too(photo, mode):
    converted = photo.convert(mode)
    converted.info["icc_profile"] = photo.info["icc_profile"]

    assert open_image(converted).size == (6, 8)  # Upright.


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
def test_profile_and_exif_are_in_the_stylized_file(path, tmp_path, suffix, profile):
    stylized = Stylizer(LoadedStyle(function=lambda images: images))(path)

    save_image(stylized, tmp_path / f"out{suffix}")

    with Image.open(tmp_path / f"out{suffix}") as file:
        assert file.info["icc_profile"] == profile
        assert file.getexif()[0x010F] == "A maker"
        assert 0x0112 not in file.getexif()
        assert file.size == (6, 8)
        # The pixels are in that profile again.
        np.testing.assert_allclose(file.getpixel((2, 2)), (170, 120, 90), atol=3)


def test_srgb_stays_as_it_is_to_the_last_bit(rng, tmp_path):
    from PIL import ImageCms

    pixels = rng.integers(0, 256, (20, 30, 3), "uint8")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.fromarray(pixels).save(tmp_path / "a.png", icc_profile=profile)

    opened = open_image(tmp_path / "a.png")
    save_image(opened, tmp_path / "b.png")

    np.testing.assert_array_equal(opened, pixels)
    with Image.open(tmp_path / "b.png") as file:
        np.testing.assert_array_equal(file, pixels)
        assert file.info["icc_profile"] == profile


def test_notes_that_are_damaged_do_no_harm(photo, tmp_path, profile):
    photo.info["icc_profile"] = profile[:200]
    photo.info["exif"] = b"Exif\0\0MM\0*\0\0"

    opened = open_image(photo)
    save_image(opened, tmp_path / "out.jpg")

    np.testing.assert_array_equal(np.asarray(opened)[0, 0], (170, 120, 90))


def test_more_exif_than_a_jpeg_holds_is_left_out(path, tmp_path):
    opened = open_image(path)
    opened.info["exif"] = bytes(70_000)

    save_image(opened, tmp_path / "out.jpg")

    assert load_image(tmp_path / "out.jpg").shape == (8, 6, 3)


class TestWhatElseIsKept:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>Harbour</a></x:xmpmeta>'

    @pytest.fixture
    def source(self, tmp_path, rng):
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Title", "Harbour")
        notes.add_text("Comment", "é 東")
        notes.add_text("Raw profile type exif", "of another program")
        notes.add_itxt("XML:com.adobe.xmp", self.xmp.decode())
        pixels = rng.integers(0, 256, (20, 30, 3), "uint8")
        path = tmp_path / "photo.png"
        Image.fromarray(pixels).save(path, pnginfo=notes, dpi=(300, 240))
        return path

    @pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp", ".avif"])
    def test_in_each_format_that_has_a_place_for_it(self, source, tmp_path, suffix):
        stylized = Stylizer(LoadedStyle(function=lambda images: images))(source)

        save_image(stylized, tmp_path / f"out{suffix}")

        with Image.open(tmp_path / f"out{suffix}") as file:
            file.load()
            assert file.info["xmp"] == self.xmp
            if suffix not in (".webp", ".avif"):
                assert file.info["dpi"] == pytest.approx((300, 240), abs=0.02)
            if suffix == ".png":
                texts = {k: v for k, v in file.text.items() if "xmp" not in k}
                assert texts == {"Title": "Harbour", "Comment": "é 東"}
            if suffix == ".jpg":
                assert file.info["comment"] == "é 東".encode()

    def test_a_comment_of_a_jpeg_comes_into_a_png(self, tmp_path):
        picture = Image.new("RGB", (30, 20))
        picture.save(tmp_path / "a.jpg", comment="é".encode("latin-1"))

        save_image(open_image(tmp_path / "a.jpg"), tmp_path / "out.png")

        with Image.open(tmp_path / "out.png") as file:
            assert file.text == {"Comment": "é"}

    @pytest.mark.parametrize("suffix", [".png", ".jpg"])
    def test_of_pictures_that_are_done_in_strips(self, source, tmp_path, suffix):
        stored, notes = open_array(source, is_stored=True)

        named = StoredRows(stored.shape, stored.dtype, is_named=True)
        named.append(stored[:])
        save_image(named, tmp_path / f"out{suffix}", notes=notes)

        with Image.open(tmp_path / f"out{suffix}") as file:
            # Pillow takes one number of EXIF for both.
            assert file.info["dpi"][0] == pytest.approx(300, abs=0.02)
            read = read_notes(file)
        assert read["xmp"] == self.xmp
        if suffix == ".png":
            assert "exif" not in read
            assert read["texts"] == {"Title": "Harbour"}

    @pytest.mark.parametrize("dpi", [(0, 0), (float("nan"), 1), (1e9, 1e9), "x", None])
    def test_a_resolution_that_there_is_not_is_left_out(self, tmp_path, dpi):
        picture = Image.new("RGB", (30, 20))
        picture.info["dpi"] = dpi

        save_image(open_image(picture), tmp_path / "out.jpg")

        with Image.open(tmp_path / "out.jpg") as file:
            assert "dpi" not in file.info

    @pytest.mark.parametrize("options", [{}, {"resolution": 300, "resolution_unit": 1}])
    def test_a_tiff_that_says_none_has_none(self, tmp_path, options):
        Image.new("RGB", (30, 20)).save(tmp_path / "a.tif", **options)

        save_image(open_image(tmp_path / "a.tif"), tmp_path / "out.png")

        with Image.open(tmp_path / "out.png") as file:
            assert "dpi" not in file.info

    def test_more_than_a_jpeg_has_room_for_is_left_out(self, source, tmp_path):
        opened = open_image(source)
        opened.info["xmp"] = b"<x>" + bytes(70_000).replace(b"\0", b" ") + b"</x>"
        opened.info["texts"] = {"Comment": "x" * 70_000}

        save_image(opened, tmp_path / "out.jpg")

        with Image.open(tmp_path / "out.jpg") as file:
            assert not {"xmp", "comment"} & file.info.keys()
