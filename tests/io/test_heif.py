import os
import subprocess
import sys

import numpy as np
from PIL import Image
import pytest

from fast_style.io import extras
from fast_style.io import heif
from fast_style.io.heif import explain_missing
from fast_style.io.heif import register_heif
from fast_style.io.images import load_image
from fast_style.io.images import read_image_size
from fast_style.io.saving import save_image


@pytest.fixture
def photo(photo_path):
    with Image.open(photo_path) as file:
        return file.convert("RGB").resize((90, 60))


@pytest.fixture
def path(photo, tmp_path):
    register_heif()
    exif = photo.getexif()
    exif[0x0112] = 6
    exif[0x010F] = "A maker"
    photo.save(tmp_path / "IMG_0001.HEIC", "HEIF", exif=exif.tobytes(), quality=95)
    return tmp_path / "IMG_0001.HEIC"


def test_a_photo_of_a_phone_is_read_upright(path, photo):
    wanted = np.asarray(photo.transpose(Image.Transpose.ROTATE_270), "float32")

    read = load_image(path)

    assert read.shape == (90, 60, 3)
    assert np.abs(read - wanted).mean() < 4
    np.testing.assert_array_equal(load_image(path.read_bytes()), read)


def test_the_first_picture_of_a_process_may_be_one(path):
    code = f"""
from fast_style.io.images import read_image_size
print(read_image_size({os.fspath(path)!r}))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() in ("(90, 60)", "(60, 90)")


def test_it_is_written_with_what_it_carried(path, tmp_path):
    from fast_style.io.images import open_image

    save_image(open_image(path), tmp_path / "out.heic", quality=90)

    with Image.open(tmp_path / "out.heic") as file:
        assert file.size == (60, 90)
        assert file.getexif()[0x010F] == "A maker"
        assert file.getexif().get(0x0112, 1) == 1


def test_without_the_package_the_message_has_the_command(path, tmp_path, monkeypatch):
    Image.init()
    monkeypatch.setitem(sys.modules, "pillow_heif", None)  # As if it were not there.
    monkeypatch.setattr(Image, "ID", [name for name in Image.ID if name != "HEIF"])
    command = r'HEIC, which needs pillow-heif.*pip install "fast_style\[heif\]"'

    with pytest.raises(ValueError, match=command):
        load_image(path)
    with pytest.raises(ValueError, match=command):
        read_image_size(path)
    with pytest.raises(ImportError, match=r"Writing HEIC needs .*fast_style\[heif\]"):
        save_image(np.zeros((4, 4, 3), "uint8"), tmp_path / "a.heic")


def test_avif_names_the_pillow_that_reads_it(monkeypatch):
    assert explain_missing("AVIF") is None
    monkeypatch.setattr(heif.features, "check", lambda name: False)
    monkeypatch.setattr(extras, "is_installed", lambda name: True)

    assert 'pip install --upgrade "pillow' in explain_missing("AVIF")
