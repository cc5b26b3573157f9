import io
import os

import numpy as np
from PIL import Image
from PIL import PngImagePlugin
import pytest

from fast_style.io.images import load_image
from fast_style.io.images import open_array
from fast_style.io.images import open_image
from fast_style.io.png_chunks import LARGEST_PROFILE
from fast_style.io.png_chunks import leave_out_large_notes
from fast_style.io.saving import save_image

_LARGE = 3 * 2**20


@pytest.fixture
def save(colours, tmp_path):
    def save(name="a.png", *, texts=(), **options):
        notes = PngImagePlugin.PngInfo()
        for text in texts:
            notes.add_text("Comment", text, zip=True)
        Image.fromarray(colours).save(tmp_path / name, pnginfo=notes, **options)
        return tmp_path / name

    return save


def test_pillow_alone_refuses_them(save):
    # If one day it does not, all this can go.
    with pytest.raises(ValueError, match="too large"):
        Image.open(save(texts=["x" * _LARGE]))


@pytest.mark.parametrize("kind", ["zTXt", "iTXt"])
def test_a_large_text_is_left_out_and_the_picture_read(colours, tmp_path, kind, save):
    notes = PngImagePlugin.PngInfo()
    add = notes.add_itxt if kind == "iTXt" else notes.add_text
    add("Workflow", "x" * _LARGE, zip=True)
    add("Comment", "short")
    path = tmp_path / "a.png"
    Image.fromarray(colours).save(path, pnginfo=notes)

    for source in (path, path.read_bytes(), io.BytesIO(path.read_bytes())):
        np.testing.assert_array_equal(load_image(source), colours)
    save_image(open_image(path), tmp_path / "out.png")

    with Image.open(tmp_path / "out.png") as file:
        assert file.text == {"Comment": "short"}


def test_many_texts_are_cut_to_what_pillow_takes(colours, save):
    path = save(texts=["x" * 2**20] * 70)

    np.testing.assert_array_equal(load_image(path), colours)


def test_texts_behind_the_pixels_too(colours, save, tmp_path):
    data = save(texts=["x" * _LARGE]).read_bytes()
    begin = data.index(b"zTXt") - 4
    end = begin + 12 + int.from_bytes(data[begin : begin + 4], "big")
    head, text, rest = data[:begin], data[begin:end], data[end:]
    last = len(rest) - 12  # Of IEND.
    (tmp_path / "b.png").write_bytes(head + rest[:last] + text + rest[last:])

    np.testing.assert_array_equal(load_image(tmp_path / "b.png"), colours)


def test_a_large_profile_is_applied_as_that_of_a_jpeg_is(
    colours, save, profile, convert_to_srgb
):
    path = save(icc_profile=_enlarge(profile))

    read = load_image(path)

    np.testing.assert_allclose(read[0, 0], convert_to_srgb(colours[0, 0]), atol=1.01)


def test_a_profile_too_large_for_any_reader_is_left_out(colours, save):
    path = save(icc_profile=os.urandom(LARGEST_PROFILE + 1))

    np.testing.assert_array_equal(load_image(path), colours)


def test_files_by_strips_have_the_same_colours(save, profile):
    path = save(icc_profile=_enlarge(profile), texts=["x" * _LARGE])

    stored, _ = open_array(path, is_stored=True)

    assert type(stored).__name__ == "StoredRows"
    np.testing.assert_allclose(stored[:], load_image(path), atol=1)


def test_a_png_for_other_readers_has_no_profile_that_pillow_refuses(
    save, tmp_path, profile
):
    path = save(icc_profile=_enlarge(profile))
    save_image(open_image(path), tmp_path / "out.png")
    save_image(open_image(path), tmp_path / "out.tif")

    with Image.open(tmp_path / "out.png") as file:
        assert "icc_profile" not in file.info
        np.testing.assert_array_equal(np.asarray(file), load_image(path))  # In sRGB.
    with Image.open(tmp_path / "out.tif") as file:
        assert len(file.info["icc_profile"]) > _LARGE


def test_usual_files_are_not_copied(save, tmp_path, colours):
    Image.fromarray(colours).save(tmp_path / "a.jpg")

    assert leave_out_large_notes(save()) == (None, None)
    assert leave_out_large_notes(tmp_path / "a.jpg") == (None, None)


def _enlarge(profile):
    # Behind its tags, as those of printers have their tables.
    profile = profile + np.random.default_rng(0).bytes(_LARGE)
    return len(profile).to_bytes(4, "big") + profile[4:]
