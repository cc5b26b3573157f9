import io
import os

import numpy as np
from PIL import Image
import pytest

from fast_style.io.images import open_image
from fast_style.io.picture_formats import IMAGE_SUFFIXES
from fast_style.io.picture_formats import is_picture_file
from fast_style.io.picture_formats import WRITTEN_FORMATS
from fast_style.io.saving import save_image


@pytest.mark.parametrize("suffix", WRITTEN_FORMATS)
def test_what_is_written_is_read_again_at_its_size(colours, tmp_path, suffix):
    smooth = Image.fromarray(colours).resize((301, 203), Image.Resampling.BICUBIC)
    transparent = smooth.copy()
    transparent.putalpha(128)
    for number, picture in enumerate((smooth, transparent)):
        save_image(picture, tmp_path / f"{number}{suffix}")

        with Image.open(tmp_path / f"{number}{suffix}") as file:
            assert file.format == WRITTEN_FORMATS[suffix]
        opened = open_image(tmp_path / f"{number}{suffix}").convert("RGB")
        assert opened.size == (301, 203)
        if picture is smooth:
            small = opened.resize((7, 5), Image.Resampling.BOX)
            wanted = smooth.resize((7, 5), Image.Resampling.BOX)
            # GIF has 256 colours, and the mean of its dots is near each.
            np.testing.assert_allclose(np.int32(small), np.int32(wanted), atol=6)


@pytest.mark.parametrize(
    "name", ["x.ico", "x.icns", "x.blp", "x.pgm", "x.xbm", "x.eps", "x.mp4", "x.psd"]
)
def test_formats_that_do_not_hold_any_picture_are_refused(colours, tmp_path, name):
    with pytest.raises(ValueError, match=r"must end as a picture does .*\.webp"):
        save_image(colours, tmp_path / name)

    assert not list(tmp_path.iterdir())


class TestIsPictureFile:
    @pytest.mark.parametrize("suffix", IMAGE_SUFFIXES)
    def test_by_its_name_without_a_look(self, suffix):
        assert is_picture_file(f"nowhere/a{suffix}")
        assert is_picture_file(f"nowhere/a{suffix.upper()}")

    @pytest.mark.parametrize(
        "image_format",
        ["JPEG", "PNG", "GIF", "BMP", "WEBP", "JPEG2000", "AVIF", "HEIF", "QOI"],
    )
    def test_by_its_content_whatever_its_name(self, colours, tmp_path, image_format):
        Image.fromarray(colours).save(tmp_path / "IMG_0001", image_format)

        assert is_picture_file(tmp_path / "IMG_0001")

    def test_raw_files_of_cameras_are_none_though_they_begin_as_a_tiff(
        self, colours, tmp_path
    ):
        Image.fromarray(colours).save(tmp_path / "a.nef", "TIFF")

        assert not is_picture_file(tmp_path / "a.nef")
        assert is_picture_file(tmp_path / "a.tif")

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"BMW and other cars",
            b"RIFF\0\0\0\0WAVEfmt ",
            b"\0\0\0\x18ftypisom\0\0\0\0",
            b"%PDF-1.7 and more",
        ],
        ids=["empty", "text", "sound", "film", "pdf"],
    )
    def test_others_are_none(self, tmp_path, content):
        (tmp_path / "file").write_bytes(content)

        assert not is_picture_file(tmp_path / "file")
        assert not is_picture_file(tmp_path)
        assert not is_picture_file(tmp_path / "nowhere")

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name")
    def test_a_pipe_is_not_looked_into(self, tmp_path):
        os.mkfifo(tmp_path / "pipe")

        assert not is_picture_file(tmp_path / "pipe")


def test_a_film_is_no_heic_picture():
    from fast_style.io.picture_formats import name_heif

    heic, avif = (io.BytesIO() for _ in range(2))
    Image.new("RGB", (16, 16)).save(heic, "HEIF")
    Image.new("RGB", (16, 16)).save(avif, "AVIF")

    assert name_heif(heic.getvalue()) == "HEIC"
    assert name_heif(avif.getvalue()) == "AVIF"
    assert name_heif(b"\0\0\0\x18ftypisom\0\0\0\0") is None
