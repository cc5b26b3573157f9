import gc
import os
import pathlib
import tempfile

import numpy as np
from PIL import Image
import pytest

from fast_style.io.images import open_array
from fast_style.io.saving import save_image
from fast_style.io.stored_pictures import can_be_stored
from fast_style.io.stored_rows import StoredRows

pytest.importorskip("pyvips")

SIZE = (301, 270)  # More than two strips of rows.


@pytest.fixture
def picture(rng):
    noise = rng.integers(0, 256, (9, 10, 4), "uint8")
    return Image.fromarray(noise, "RGBA").resize(SIZE)


def store(path, **options):
    stored, notes = open_array(path, is_stored=True, **options)
    assert isinstance(stored, StoredRows)
    return stored, notes


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("a.png", "RGBA"),
        ("a.png", "RGB"),
        ("a.png", "L"),
        ("a.jpg", "RGB"),
        ("a.jpg", "L"),
        ("a.tif", "RGB"),
    ],
)
def test_pixels_are_those_of_pillow(picture, tmp_path, name, mode):
    picture.convert(mode).save(tmp_path / name)

    stored, _ = store(tmp_path / name)
    expected, _ = open_array(tmp_path / name)

    np.testing.assert_array_equal(stored[:], expected)


def test_is_turned_upright(picture, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.convert("RGB").save(tmp_path / "a.jpg", exif=exif)

    stored, notes = store(tmp_path / "a.jpg")
    expected, _ = open_array(tmp_path / "a.jpg")

    assert stored.shape == (301, 270, 3)
    np.testing.assert_array_equal(stored[:], expected)
    assert not notes.keys() - {"dpi"}  # EXIF without one means 72.


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif"])
def test_profile_is_applied_and_kept(picture, tmp_path, name, profile):
    picture.convert("RGB").save(tmp_path / name, icc_profile=profile)

    stored, notes = store(tmp_path / name)
    expected, _ = open_array(tmp_path / name)
    difference = np.abs(stored[:].astype(int) - expected)
    save_image(to_named(stored), tmp_path / f"b_{name}", notes=notes)

    # Of two programs that both ask Little CMS.
    assert difference.max() <= 2
    assert difference.mean() < 0.5
    with Image.open(tmp_path / f"b_{name}") as saved:
        assert saved.info["icc_profile"] == profile


def to_named(stored):
    named = StoredRows(stored.shape, stored.dtype, is_named=True)
    named.append(stored[:])
    return named


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_what_is_written_is_read_again(picture, tmp_path, name):
    picture.save(tmp_path / "source.png")
    stored, notes = store(tmp_path / "source.png")

    save_image(to_named(stored), tmp_path / name, notes=notes)

    with Image.open(tmp_path / name) as saved:
        np.testing.assert_array_equal(np.asarray(saved), np.asarray(picture))


# libvips cuts what it blends with white to whole levels.
@pytest.mark.parametrize(("mode", "most"), [("RGB", 0), ("RGBA", 1.5)])
def test_a_jpeg_is_that_of_pillow_and_white_where_transparent(
    picture, tmp_path, mode, most
):
    picture = picture.convert(mode)
    picture.save(tmp_path / "source.png")
    stored, notes = store(tmp_path / "source.png")

    save_image(to_named(stored), tmp_path / "a.jpg", notes=notes, quality=90)
    save_image(picture, tmp_path / "b.jpg", quality=90)

    images = [
        np.asarray(Image.open(tmp_path / name), int) for name in ("a.jpg", "b.jpg")
    ]
    assert np.abs(images[0] - images[1]).mean() <= most
    sizes = [(tmp_path / name).stat().st_size for name in ("a.jpg", "b.jpg")]
    assert sizes[0] == pytest.approx(sizes[1], rel=0.1)


@pytest.mark.parametrize("name", ["b.jpg", "b.png", "b.tif"])
def test_exif_is_kept(picture, tmp_path, name):
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    picture.convert("RGB").save(tmp_path / "a.jpg", exif=exif)

    stored, notes = store(tmp_path / "a.jpg")
    save_image(to_named(stored), tmp_path / name, notes=notes)

    with Image.open(tmp_path / name) as saved:
        assert saved.getexif()[0x010F] == "A camera"


def test_other_formats_are_written_whole(picture, tmp_path):
    picture.convert("RGB").save(tmp_path / "a.png")
    stored, _ = store(tmp_path / "a.png")

    save_image(stored, tmp_path / "a.bmp")

    with Image.open(tmp_path / "a.bmp") as saved:
        np.testing.assert_array_equal(np.asarray(saved), stored[:])


def test_a_file_that_is_cut_short_is_an_error(picture, tmp_path):
    path = tmp_path / "a.jpg"
    picture.convert("RGB").save(path)
    path.write_bytes(path.read_bytes()[:-2000])

    with pytest.raises(ValueError, match=r"a\.jpg' is damaged or cut short"):
        store(path)


@pytest.mark.parametrize("mode", ["P", "LA", "CMYK", "I;16"])
def test_other_modes_are_read_whole(tmp_path, mode):
    name = "a.tif" if mode == "CMYK" else "a.png"
    Image.new(mode, (5, 4)).save(tmp_path / name)

    with Image.open(tmp_path / name) as opened:
        assert not can_be_stored(opened)
    array, _ = open_array(tmp_path / name, is_stored=True)
    assert isinstance(array, np.ndarray)


def test_sixteen_bits_are_stored_where_they_are_kept(tmp_path, rng):
    array = rng.integers(0, 65536, (9, 8), dtype=np.uint16)
    Image.fromarray(array).save(tmp_path / "a.png")

    stored, notes = store(tmp_path / "a.png", is_deep=True)
    save_image(to_named(stored), tmp_path / "b.png", notes=notes)
    again, _ = open_array(tmp_path / "b.png", is_deep=True)

    np.testing.assert_array_equal(stored[:][..., 1], array)
    np.testing.assert_array_equal(again, stored[:])


def test_more_channels_of_a_tiff_mean_nothing(tmp_path, rng):
    pixels = rng.integers(0, 256, (20, 30, 4), "uint8")
    tifffile = pytest.importorskip("tifffile")
    tifffile.imwrite(
        tmp_path / "a.tif", pixels, photometric="rgb", extrasamples=["unspecified"]
    )

    stored, _ = store(tmp_path / "a.tif")

    np.testing.assert_array_equal(stored[:], open_array(tmp_path / "a.tif")[0])
    assert stored.shape == (20, 30, 3)


def test_no_file_is_held_on_to(picture, tmp_path):
    folder = pathlib.Path("/proc/self/fd")
    if not folder.is_dir():
        pytest.skip("Open files are only known on Linux.")
    picture.convert("RGB").save(tmp_path / "a.png")

    for _ in range(3):
        stored, notes = store(tmp_path / "a.png")
        save_image(to_named(stored), tmp_path / "b.png", notes=notes)
    del stored
    gc.collect()

    files = [os.readlink(link) for link in folder.iterdir() if link.is_symlink()]
    maps = pathlib.Path("/proc/self/maps").read_text()
    gone = str(pathlib.Path(tempfile.gettempdir()) / "tmp")
    assert not [file for file in files if file.startswith(gone) and "deleted" in file]
    assert f"{gone}" not in maps
