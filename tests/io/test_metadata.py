import numpy as np
from PIL import Image
import pytest

from fast_style.inference.stylizer import Stylizer
from fast_style.io.images import load_image
from fast_style.io.images import open_image
from fast_style.io.saving import save_image


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
    stylized = Stylizer(lambda images: images)(path)

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
