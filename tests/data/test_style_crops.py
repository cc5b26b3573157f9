import numpy as np
from PIL import Image
import pytest

from fast_style.data import style_crops
from fast_style.data.style_crops import load_style_crop
from fast_style.data.style_crops import transfer_colours


@pytest.fixture
def paintings(tmp_path, rng):
    shapes = {"wide.png": (90, 200), "high.jpg": (300, 80), "small.png": (20, 25)}
    for name, shape in shapes.items():
        pixels = rng.integers(0, 256, (*shape, 3), "uint8")
        Image.fromarray(pixels).save(tmp_path / name)
    return [tmp_path / name for name in shapes]


def load(paintings, number, photos=(), **options):
    options = {"size": 48, "painting_size": 128, **options}
    return load_style_crop(paintings, photos, number, **options)


def test_crops_follow_from_seed_and_number(paintings):
    crops = [load(paintings, number) for number in range(20)]

    assert {crop.shape for crop in crops} == {(48, 48, 3)}
    assert {crop.dtype for crop in crops} == {np.dtype("uint8")}
    for number, crop in enumerate(crops):
        np.testing.assert_array_equal(load(paintings, number), crop)
        assert (load(paintings, number, seed=1) != crop).any()


@pytest.mark.parametrize("painting_size", [16, 0, 500])
def test_pictures_of_any_size_have_crops(paintings, painting_size):
    for number in range(8):
        crop = load(paintings, number, painting_size=painting_size)
        assert crop.shape == (48, 48, 3)


def test_a_picture_that_cannot_be_read_or_is_plain_gives_way(
    paintings, tmp_path, caplog
):
    (tmp_path / "broken.png").write_bytes(b"no picture")
    Image.new("RGB", (90, 90), "blue").save(tmp_path / "plain.png")
    bad = [tmp_path / "broken.png", tmp_path / "plain.png"]

    for number in range(20):
        assert load([*bad, *paintings], number).std() > 4

    assert "broken.png is left out" in caplog.text
    with pytest.raises(OSError, match="20 pictures in a row"):
        [load(bad, number) for number in range(20)]


def test_photos_stay_as_they_are(paintings, tmp_path, monkeypatch):
    monkeypatch.setattr(style_crops, "_SHARE_OF_PHOTOS", 1.0)
    monkeypatch.setattr(style_crops, "_SHARE_OF_TEXTURES", 0.0)
    ramp = np.mgrid[:48, :48][1].astype("uint8")
    pixels = np.stack([4 * ramp, ramp, 0 * ramp], axis=-1)
    Image.fromarray(pixels).save(tmp_path / "photo.png")

    for number in range(10):
        crop = load(paintings, number, [tmp_path / "photo.png"]).astype(int)
        assert crop[..., 2].max() == 0
        assert crop[..., 0].mean() > 3 * crop[..., 1].mean() > 0


def test_colours_are_transferred(rng):
    picture = rng.normal([120, 60, 90], [10, 20, 5], (60, 50, 3))
    other = rng.multivariate_normal(
        [150, 130, 100], [[400, 300, 0], [300, 400, 0], [0, 0, 100]], (40, 40)
    )
    picture, other = (np.clip(x, 0, 255).astype("uint8") for x in (picture, other))

    moved = transfer_colours(picture, other).reshape(-1, 3).astype(float)

    target = other.reshape(-1, 3).astype(float)
    np.testing.assert_allclose(moved.mean(axis=0), target.mean(axis=0), atol=1)
    np.testing.assert_allclose(np.cov(moved.T), np.cov(target.T), atol=25)
