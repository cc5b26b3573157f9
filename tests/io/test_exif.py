import struct

from PIL import Image
import pytest

from fast_style.io.exif import fit_exif
from fast_style.io.exif import read_exif
from fast_style.io.images import open_image
from fast_style.io.saving import save_image

_DETAILS, _PLACE = 0x8769, 0x8825
_WIDTH, _HEIGHT, _SUBJECT, _DATE, _INTEROP = 0xA002, 0xA003, 0x9214, 0x9003, 0xA005


def make_exif(**tags):
    exif = Image.Exif()
    exif[0x010F] = "A maker"
    exif[_DETAILS] = {
        _WIDTH: 90, _HEIGHT: 60, _SUBJECT: (45, 30, 8), _DATE: "2020:01:01 00:00:00",
        _INTEROP: {1: "R98", 0x1001: 90, 0x1002: 60},
    }  # fmt: skip
    exif[_PLACE] = {1: "N", 2: (1.0, 2.0, 3.0)}
    for tag, value in tags.items():
        exif[int(tag.lstrip("_"), 16)] = value
    return exif


def load(data):
    exif = Image.Exif()
    exif.load(data)
    return exif


@pytest.fixture
def photo():
    return Image.new("RGB", (90, 60), (170, 120, 90))


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tif"])
def test_that_of_a_bigtiff_is_whole_in_every_format(photo, tmp_path, suffix):
    photo.save(tmp_path / "big.tif", big_tiff=True, exif=make_exif().tobytes())
    assert (tmp_path / "big.tif").read_bytes()[:4] == b"II+\0"

    save_image(open_image(tmp_path / "big.tif"), tmp_path / f"out{suffix}")

    with Image.open(tmp_path / f"out{suffix}") as file:
        exif = file.getexif()
        assert exif[0x010F] == "A maker"
        assert exif.get_ifd(_DETAILS)[_DATE] == "2020:01:01 00:00:00"
        assert exif.get_ifd(_PLACE)[2] == (1.0, 2.0, 3.0)
        if suffix != ".tif":  # A classic TIFF, as the standard wants it.
            assert file.info["exif"].removeprefix(b"Exif\0\0")[:4] in (
                b"II*\0",
                b"MM\0*",
            )


def test_entries_that_cannot_be_written_do_not_lose_the_others(photo, tmp_path):
    # Text where the standard wants fractions, as some programs write it.
    details = [(_DATE, "2020:01:01 00:00:00")]
    entries = [(0x010F, "A maker"), (0x011A, "72"), (_DETAILS, details)]
    photo.save(tmp_path / "a.jpg", exif=b"Exif\0\0MM\0*\0\0\0\x08" + pack(entries, 8))
    with Image.open(tmp_path / "a.jpg") as file:
        assert file.getexif()[0x011A] == "72"

    save_image(open_image(tmp_path / "a.jpg"), tmp_path / "out.jpg")

    with Image.open(tmp_path / "out.jpg") as file:
        exif = file.getexif()
        assert exif[0x010F] == "A maker"
        assert 0x011A not in exif
        assert exif.get_ifd(_DETAILS)[_DATE] == "2020:01:01 00:00:00"


def pack(entries, begin):
    """Returns a directory of texts and of directories, as it lies in a TIFF."""
    data = b""
    head = struct.pack(">H", len(entries))
    place = begin + 2 + 12 * len(entries) + 4
    for tag, value in entries:
        offset = place + len(data)
        if isinstance(value, list):
            head += struct.pack(">HHII", tag, 4, 1, offset)
            data += pack(value, offset)
        else:
            text = value.encode() + b"\0"
            where = (
                text.ljust(4, b"\0") if len(text) <= 4 else struct.pack(">I", offset)
            )
            head += struct.pack(">HHI", tag, 2, len(text)) + where
            data += text if len(text) > 4 else b""
    return head + bytes(4) + data


class TestSize:
    def test_is_that_of_the_picture_which_is_written(self, photo, tmp_path):
        photo.save(tmp_path / "a.jpg", exif=make_exif().tobytes())
        small = open_image(tmp_path / "a.jpg")
        reduced = small.resize((30, 20))
        reduced.info = small.info

        for suffix in (".jpg", ".png"):
            save_image(reduced, tmp_path / f"out{suffix}")

            with Image.open(tmp_path / f"out{suffix}") as file:
                exif = file.getexif()
                details = exif.get_ifd(_DETAILS)
            assert (details[_WIDTH], details[_HEIGHT]) == (30, 20)
            assert exif.get_ifd(_INTEROP)[0x1001] == 30
            assert _SUBJECT not in details  # It is elsewhere now.
            assert details[_DATE] == "2020:01:01 00:00:00"

    def test_of_a_photo_that_was_turned(self, photo, tmp_path):
        photo.save(tmp_path / "a.jpg", exif=make_exif(_0x0112=6).tobytes())

        save_image(open_image(tmp_path / "a.jpg"), tmp_path / "out.jpg")

        with Image.open(tmp_path / "out.jpg") as file:
            details = file.getexif().get_ifd(_DETAILS)
            assert file.size == (60, 90) == (details[_WIDTH], details[_HEIGHT])
            assert _SUBJECT not in details

    def test_stays_with_all_else_where_nothing_changed(self, photo):
        photo.info["exif"] = make_exif().tobytes()
        data = read_exif(photo)

        assert fit_exif(data, (90, 60)) == data
        assert load(data).get_ifd(_DETAILS)[_SUBJECT] == (45, 30, 8)

    def test_is_not_added_where_there_was_none(self):
        exif = Image.Exif()
        exif[0x010F] = "A maker"

        assert fit_exif(exif.tobytes(), (30, 20)) == exif.tobytes()

    def test_damaged_exif_is_none(self):
        assert fit_exif(b"Exif\0\0MM", (30, 20)) is None
