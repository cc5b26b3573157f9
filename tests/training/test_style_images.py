import numpy as np
from PIL import Image
import pytest

from fast_style.config.train_config import TrainConfig
from fast_style.training.style_images import list_style_images
from fast_style.training.style_images import load_style_images
from fast_style.training.style_images import make_conditions
from fast_style.training.style_images import scale_painting


@pytest.fixture
def folder(tmp_path, rng):
    (tmp_path / "paintings").mkdir()
    for name in ("wave.png", "night.jpg"):
        pixels = rng.integers(0, 256, (60, 80, 3), "uint8")
        Image.fromarray(pixels).save(tmp_path / "paintings" / name)
    (tmp_path / "paintings" / "notes.txt").write_text("of whom they are")
    return tmp_path / "paintings"


def make_config(*paths, **options):
    styles = tuple(map(str, paths))
    return TrainConfig(style_images=styles, train_images="photos", **options)


def test_a_folder_stands_for_its_pictures(folder):
    found = list_style_images(make_config(folder))

    assert list(found) == ["night", "wave"]
    assert found["wave"] == str(folder / "wave.png")


def test_files_keep_their_order(folder):
    config = make_config(folder / "wave.png", folder / "night.jpg")

    assert list(list_style_images(config)) == ["wave", "night"]


def test_one_style_has_its_name_too():
    config = TrainConfig(style_image="a/wave.png", train_images="photos")

    assert list_style_images(config) == {"wave": "a/wave.png"}
    assert make_conditions(config) is None


def test_the_same_name_twice_is_an_error(folder):
    with pytest.raises(ValueError, match="must have different names"):
        list_style_images(make_config(folder, folder / "wave.png"))


def test_so_is_a_folder_without_pictures(tmp_path):
    with pytest.raises(ValueError, match="without one"):
        list_style_images(make_config(tmp_path))


def test_pictures_have_the_size_of_the_config(folder):
    images = load_style_images(make_config(folder, style_image_size=40))

    assert images["wave"].shape == (30, 40, 3)
    assert images["wave"].dtype == np.float32


@pytest.mark.parametrize(
    ("side", "expected"), [(700, 512), (320, 320), (256, 256), (80, 256)]
)
def test_of_several_small_ones_keep_their_size(tmp_path, rng, side, expected):
    pixels = rng.integers(0, 256, (side * 3 // 4, side, 3), "uint8")
    Image.fromarray(pixels).save(tmp_path / "wave.png")

    (image,) = load_style_images(make_config(tmp_path)).values()

    assert max(image.shape) == expected
    if side == expected:
        np.testing.assert_array_equal(image, pixels)


def test_what_looks_at_paintings_has_them_at_one_size(tmp_path, rng):
    pixels = rng.integers(0, 256, (60, 80, 3), "uint8")

    config = make_config(tmp_path, generator="arbitrary", style_image_size=400)

    assert scale_painting(pixels, config).shape == (300, 400, 3)


@pytest.mark.parametrize(("size", "expected"), [(0, 80), (60, 60), (100, 100)])
def test_the_size_of_the_config_is_the_largest(tmp_path, rng, size, expected):
    pixels = rng.integers(0, 256, (60, 80, 3), "uint8")

    config = make_config(tmp_path, style_image_size=size)

    assert max(scale_painting(pixels, config).shape) == expected


def test_conditions_are_styles_and_strengths(folder):
    assert make_conditions(make_config(folder)).names == ("night", "wave")
    assert make_conditions(make_config(folder)).strengths == (1.0,)

    config = make_config(folder, min_style_weight=0.05)
    assert make_conditions(config).num_rows == 6

    one = TrainConfig(style_image="a.png", train_images="b", min_style_weight=0.05)
    assert make_conditions(one).names == ("a",)
