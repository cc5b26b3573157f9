import struct
import zlib

import numpy as np
from PIL import Image
import pytest

from fast_style.io.deep_color import has_deep_color
from fast_style.io.deep_color import read_deep
from fast_style.io.deep_color import write_deep
from fast_style.io.metadata import read_notes


def write_png(path, array, chunks=()):
    """By the specification, https://www.w3.org/TR/png-3/, without a filter."""

    def chunk(kind, data):
        code = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + code

    height, width, channels = array.shape
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    header = struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in array)
    content = [
        (b"IHDR", header),
        *chunks,
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*x) for x in content))


def make_chunk(profile):
    return b"iCCP", b"profile\0\0" + zlib.compress(profile)


@pytest.fixture
def array(rng):
    return rng.integers(0, 65536, (7, 11, 4), dtype=np.uint16)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_a_png_is_read_with_all_its_bits(array, tmp_path, channels):
    write_png(tmp_path / "a.png", array[..., :channels])

    with Image.open(tmp_path / "a.png") as opened:
        assert has_deep_color(opened)
    read = read_deep(tmp_path / "a.png", "PNG")

    grey = [0, 0, 0, 1]
    order = {1: grey[:3], 2: grey, 3: [0, 1, 2], 4: [0, 1, 2, 3]}[channels]
    np.testing.assert_array_equal(read, array[..., order])


def test_a_tiff_of_pillow_is_read_with_all_its_bits(array, tmp_path):
    Image.fromarray(array[..., 0]).save(tmp_path / "a.tif")

    with Image.open(tmp_path / "a.tif") as opened:
        assert has_deep_color(opened)
    read = read_deep(tmp_path / "a.tif", "TIFF")

    np.testing.assert_array_equal(read, array[..., [0, 0, 0]])


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "I", "F", "CMYK"])
def test_others_have_no_more_than_pillow_reads(tmp_path, mode):
    Image.new(mode, (3, 2)).save(tmp_path / "a.tif")

    with Image.open(tmp_path / "a.tif") as opened:
        assert not has_deep_color(opened)


@pytest.mark.parametrize("image_format", ["PNG", "TIFF"])
@pytest.mark.parametrize("channels", [3, 4])
def test_what_is_written_is_read_again(array, tmp_path, image_format, channels):
    array = array[..., :channels]

    write_deep(array, tmp_path / "a", image_format, {})

    np.testing.assert_array_equal(read_deep(tmp_path / "a", image_format), array)
    with Image.open(tmp_path / "a") as by_pillow:
        np.testing.assert_array_equal(np.asarray(by_pillow), array >> 8)
        assert "photo_profile" not in read_notes(by_pillow)


@pytest.mark.parametrize("image_format", ["PNG", "TIFF"])
def test_profile_and_exif_are_kept(array, tmp_path, image_format, profile):
    exif = Image.Exif()
    exif[0x010E] = "A harbour"
    notes = {"photo_profile": profile, "exif": exif.tobytes()}
    colours = 20_000 + array[..., :3] // 4  # Which both profiles have.

    write_deep(colours, tmp_path / "a", image_format, notes)

    with Image.open(tmp_path / "a") as by_pillow:
        assert by_pillow.info["icc_profile"] == profile
        if image_format == "PNG":  # libvips writes none into a TIFF.
            assert by_pillow.getexif()[0x010E] == "A harbour"
    # There and back, through profiles with other primaries and another curve.
    again = read_deep(tmp_path / "a", image_format).astype(int)
    np.testing.assert_allclose(again, colours, atol=10)


def test_colours_are_converted_by_the_profile(tmp_path, profile, convert_to_srgb):
    colour = np.full((2, 2, 3), (43690, 30840, 23130), "uint16")
    write_png(tmp_path / "a.png", colour, [make_chunk(profile)])

    read = read_deep(tmp_path / "a.png", "PNG")

    by_hand = convert_to_srgb(colour[0, 0] / 257)
    np.testing.assert_allclose(read[0, 0] / 257, by_hand, atol=0.1)


def test_a_turned_picture_comes_upright(array, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(array[..., 0]).save(tmp_path / "a.png", exif=exif)

    read = read_deep(tmp_path / "a.png", "PNG")

    np.testing.assert_array_equal(read[..., 0], np.rot90(array[..., 0], -1))


@pytest.mark.parametrize("image_format", ["PNG", "TIFF"])
def test_a_file_cut_short_is_an_error(rng, tmp_path, image_format):
    array = rng.integers(0, 65536, (64, 64, 3), dtype=np.uint16)
    write_deep(array, tmp_path / "whole", image_format, {})
    data = (tmp_path / "whole").read_bytes()
    (tmp_path / "cut").write_bytes(data[: len(data) // 2])

    with pytest.raises(ValueError, match="cut' is damaged or cut short"):
        read_deep(tmp_path / "cut", image_format)


def test_what_cannot_be_written_is_an_error_of_the_system(array, tmp_path):
    with pytest.raises(OSError, match="could not be written"):
        write_deep(array, tmp_path / "missing" / "a.png", "PNG", {})
