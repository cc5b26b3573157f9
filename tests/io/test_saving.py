import os

import numpy as np
from PIL import Image
import pytest

from fast_style.io import extras
from fast_style.io.images import load_image
from fast_style.io.images import open_array
from fast_style.io.images import open_image
from fast_style.io.saving import check_image_path
from fast_style.io.saving import save_image


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

    @pytest.mark.parametrize("path", ["", "  "])
    def test_an_empty_path_is_not_the_current_folder(self, path):
        with pytest.raises(ValueError, match=r"`path` must be a path\. Received"):
            save_image(np.zeros((2, 2, 3)), path)


class TestCheckImagePath:
    def test_makes_the_folder_and_leaves_no_file(self, tmp_path):
        path = tmp_path / "new" / "folder" / "picture.png"

        assert check_image_path(os.fspath(path)) == path
        assert list(path.parent.iterdir()) == []

    def test_keeps_what_is_there(self, tmp_path):
        path = tmp_path / "picture.png"
        path.write_bytes(b"old")

        check_image_path(path)

        assert path.read_bytes() == b"old"

    @pytest.mark.parametrize(
        ("name", "error", "message"),
        [
            ("picture", ValueError, "`output` must end as a picture does"),
            ("picture.pdf", ValueError, "`output` must end as a picture does"),
            ("folder.png", IsADirectoryError, "`output` cannot be written"),
            ("file.txt/picture.png", NotADirectoryError, "Not a directory"),
            ("file.txt/new/picture.png", NotADirectoryError, "Not a directory"),
            (f"{300 * 'a'}.png", OSError, "File name too long"),
            (f"{300 * 'a'}/picture.png", OSError, "File name too long"),
        ],
        ids=["suffix", "pdf", "folder", "file", "below file", "long", "long folder"],
    )
    def test_says_what_is_wrong_with_others(self, tmp_path, name, error, message):
        (tmp_path / "folder.png").mkdir()
        (tmp_path / "file.txt").touch()

        with pytest.raises(error, match=message) as raised:
            check_image_path(tmp_path / name, name="output")

        assert os.fspath(tmp_path / name) in str(raised.value)

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
    def test_a_folder_without_permission_is_named(self, tmp_path):
        tmp_path.chmod(0o500)

        with pytest.raises(PermissionError, match="cannot be written"):
            check_image_path(tmp_path / "picture.png")

    def test_empty_is_refused_by_the_name_of_the_argument(self):
        with pytest.raises(ValueError, match="`output` must be a path"):
            check_image_path("", name="output")


class TestQuality:
    @pytest.mark.parametrize("suffix", [".jpg", ".webp"])
    def test_a_lower_one_makes_a_smaller_file(self, rng, tmp_path, suffix):
        image = rng.integers(0, 256, (64, 64, 3), "uint8")
        for quality in (30, 90):
            save_image(image, tmp_path / f"{quality}{suffix}", quality=quality)
        save_image(image, tmp_path / "a.png", quality=30)  # Loses nothing.

        small, large = ((tmp_path / f"{q}{suffix}").stat().st_size for q in (30, 90))
        assert small < 0.7 * large
        np.testing.assert_array_equal(load_image(tmp_path / "a.png"), image)

    @pytest.mark.parametrize("quality", [0, 101, -5])
    def test_one_that_there_is_not_is_refused(self, tmp_path, quality):
        with pytest.raises(ValueError, match="`quality` must be 1 to 100"):
            save_image(np.zeros((2, 2, 3)), tmp_path / "a.jpg", quality=quality)


def test_sixteen_bits_are_written_where_the_format_has_them(rng, tmp_path):
    array = rng.integers(0, 65536, (6, 5, 4), dtype=np.uint16)

    for name in ("a.png", "a.tif", "a.webp", "a.jpg"):
        save_image(array, tmp_path / name, quality=100)

    for name in ("a.png", "a.tif"):
        read, _ = open_array(tmp_path / name, is_deep=True)
        np.testing.assert_array_equal(read, array)
    with Image.open(tmp_path / "a.webp") as eight:
        np.testing.assert_allclose(
            np.asarray(eight)[..., 3], array[..., 3] / 257, atol=1
        )
    with Image.open(tmp_path / "a.jpg") as opaque:
        assert opaque.mode == "RGB"


def test_sixteen_bits_without_libvips_are_an_error_with_the_command(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(extras, "is_installed", lambda package: False)

    with pytest.raises(ImportError, match=r'pip install "fast_style\[deep_color\]"'):
        save_image(np.zeros((2, 2, 3), "uint16"), tmp_path / "a.png")
    assert not list(tmp_path.iterdir())


def test_notes_are_written_with_an_array(colours, tmp_path, profile):
    notes = {"photo_profile": profile}

    save_image(colours, tmp_path / "a.png", notes=notes)

    with Image.open(tmp_path / "a.png") as written:
        assert written.info["icc_profile"] == profile
