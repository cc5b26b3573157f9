import struct

import numpy as np
from PIL import Image
import pytest

from fast_style.inference.stylizer import Stylizer
from fast_style.io.images import load_image
from fast_style.io.images import open_image
from fast_style.io.saving import save_image

# Primaries to XYZ under D50, https://www.w3.org/TR/css-color-4/#color-conversion-code.
_P3 = np.float64(
    [
        [0.51512, 0.29198, 0.15710],
        [0.24120, 0.69225, 0.06657],
        [-0.00105, 0.04189, 0.78407],
    ]
)
_SRGB = np.float64(
    [
        [0.43607, 0.38515, 0.14307],
        [0.22249, 0.71687, 0.06061],
        [0.01392, 0.09708, 0.71410],
    ]
)
_GAMMA = 2.2


def make_profile():
    """An ICC profile with the primaries of Display P3 and a plain gamma."""

    def fixed(number):
        return struct.pack(">i", round(number * 65536))

    def xyz(numbers):
        return b"XYZ \0\0\0\0" + b"".join(map(fixed, numbers))

    name = b"P3 with gamma\0"
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(_GAMMA * 256)) + bytes(2)
    description = b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + bytes(78)
    tags = {
        b"desc": description + bytes(-len(description) % 4),
        b"cprt": b"text\0\0\0\0none\0\0\0\0",
        b"wtpt": xyz([0.9642, 1.0, 0.8249]),
        b"rTRC": curve, b"gTRC": curve, b"bTRC": curve,
        **{key: xyz(_P3[:, i]) for i, key in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))},
    }  # fmt: skip
    table, data = struct.pack(">I", len(tags)), b""
    for key, value in tags.items():
        offset = 128 + 4 + 12 * len(tags) + len(data)
        table += key + struct.pack(">II", offset, len(value))
        data += value
    size = 128 + len(table) + len(data)
    header = struct.pack(">I4xI", size, 0x02400000) + b"mntrRGB XYZ " + bytes(12)
    header += b"acsp" + bytes(28) + b"".join(map(fixed, (0.9642, 1.0, 0.8249)))
    return header.ljust(128, b"\0") + table + data


def to_srgb(colour):
    light = np.linalg.solve(_SRGB, _P3 @ (np.float64(colour) / 255) ** _GAMMA)
    low, high = 12.92 * light, 1.055 * np.maximum(light, 0) ** (1 / 2.4) - 0.055
    return 255 * np.where(light <= 0.0031308, low, high)


@pytest.fixture
def photo():
    photo = Image.new("RGB", (8, 6), (170, 120, 90))
    photo.info["icc_profile"] = make_profile()
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


def test_colours_are_converted_by_the_profile(path):
    colour = load_image(path)[0, 0]

    np.testing.assert_allclose(colour, to_srgb((170, 120, 90)), atol=1.01)
    assert np.abs(colour - (170, 120, 90)).max() > 5  # Without it, dull.


@pytest.mark.parametrize("mode", ["RGBA", "L", "CMYK", "P"])
def test_other_modes_are_read_too(photo, mode):
    converted = photo.convert(mode)
    converted.info["icc_profile"] = photo.info["icc_profile"]

    assert open_image(converted).size == (6, 8)  # Upright.


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
def test_profile_and_exif_are_in_the_stylized_file(path, tmp_path, suffix):
    stylized = Stylizer(lambda images: images)(path)

    save_image(stylized, tmp_path / f"out{suffix}")

    with Image.open(tmp_path / f"out{suffix}") as file:
        assert file.info["icc_profile"] == make_profile()
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


def test_notes_that_are_damaged_do_no_harm(photo, tmp_path):
    photo.info["icc_profile"] = make_profile()[:200]
    photo.info["exif"] = b"Exif\0\0MM\0*\0\0"

    opened = open_image(photo)
    save_image(opened, tmp_path / "out.jpg")

    np.testing.assert_array_equal(np.asarray(opened)[0, 0], (170, 120, 90))


def test_more_exif_than_a_jpeg_holds_is_left_out(path, tmp_path):
    opened = open_image(path)
    opened.info["exif"] = bytes(70_000)

    save_image(opened, tmp_path / "out.jpg")

    assert load_image(tmp_path / "out.jpg").shape == (8, 6, 3)
