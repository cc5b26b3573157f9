"""A `~` at the beginning of any path is the home, and no folder of that name."""

import os

import numpy as np
from PIL import Image
import pytest

import fast_style
from fast_style.cli.app import main
from fast_style.config.config_files import read_config
from fast_style.data.photo_scan import find_photos
from fast_style.data.photos import list_images
from fast_style.inference.conversions import find_cache_folder
from fast_style.io.images import load_image
from fast_style.io.images import open_array
from fast_style.io.images import read_image_size
from fast_style.io.saving import save_image
from fast_style.losses.networks.making import make_loss_network
from fast_style.models import catalog
from fast_style.training.runs import list_runs


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A home with a photo and a style; the current folder is another one."""
    home = tmp_path / "home"
    (home / "photos").mkdir(parents=True)
    photo = np.random.default_rng(0).integers(0, 256, (70, 80, 3), "uint8")
    Image.fromarray(photo).save(home / "photos" / "a.png")
    (home / "style.keras").symlink_to(catalog.FOLDER / "the_scream.keras")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("HOME", str(home))
    yield home
    assert os.listdir(tmp_path / "here") == []


def test_pictures_are_read_and_written(home):
    photo = load_image("~/photos/a.png")

    assert read_image_size("~/photos/a.png") == (80, 70)
    np.testing.assert_array_equal(open_array("~/photos/a.png")[0], photo)
    save_image(photo, "~/new/b.png")
    assert (home / "new" / "b.png").is_file()


def test_styles_and_pictures_of_stylize():
    stylized = fast_style.stylize("~/photos/a.png", "~/style.keras")

    assert stylized.size == (80, 70)
    assert fast_style.load_style("~/style.keras").name == "~/style.keras"


def test_folders_of_photos_and_of_runs(home):
    expected = [str(home / "photos" / "a.png")]

    assert list_images("~/photos")[0] == expected
    assert list(find_photos("~/photos").paths) == expected
    assert list_runs("~") == []


def test_each_path_of_a_config(home):
    names = ("style_image", "train_images", "coco_annotations", "init_from")
    names = (*names, "sample_images")
    paths = {name: f"~/{name}" for name in names}

    config = fast_style.TrainConfig(**paths)
    several = fast_style.TrainConfig(style_images=("~/a", "~/b"), train_images="~")

    assert {n: getattr(config, n) for n in names} == {n: str(home / n) for n in names}
    assert several.style_images == (str(home / "a"), str(home / "b"))
    term = fast_style.StyleTerm(layers=("relu1_2",), network_weights="~/vgg.npz")
    assert term.network_weights == str(home / "vgg.npz")


def test_a_config_file_and_what_a_command_line_sets_in_it(home):
    (home / "mine.py").write_text(
        "from fast_style import TrainConfig\n"
        "def get_config():\n"
        "    return TrainConfig(style_image='~/a.png', train_images='b')\n"
    )

    config = read_config("~/mine.py", ["--config.train_images=~/photos"])

    assert config.style_image == str(home / "a.png")
    assert config.train_images == str(home / "photos")


def test_the_weights_of_a_loss_network(home):
    with pytest.raises(FileNotFoundError, match=str(home)):
        make_loss_network("vgg16", ("relu1_2",), weights="~/missing.npz")


def test_the_cache(home, monkeypatch):
    monkeypatch.setenv("FAST_STYLE_CACHE", "~/cache")

    assert find_cache_folder() == home / "cache"


def test_a_generator(home):
    generator = fast_style.load_generator("~/style.keras")

    fast_style.save_generator(generator, "~/new/again.keras")

    assert (home / "new" / "again.keras").is_file()


@pytest.mark.parametrize(
    ("words", "written"),
    [
        (("stylize", "~/photos/a.png", "--output=~/b.png"), "b.png"),
        (("stylize", "~/photos", "--output=~/b/", "--mask=~/photos/a.png"), "b/a.png"),
        (
            ("stylize", "~/photos/a.png", "--style=~/style.keras", "--output=~/c.png"),
            "c.png",
        ),
        (("runs", "~/photos"), "photos"),
    ],
)
def test_command_lines(words, written, home):
    assert main(list(words)) == 0
    assert (home / written).exists()
