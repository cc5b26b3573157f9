import types

import numpy as np
from PIL import Image
import pytest

from fast_style.config.train_config import TrainConfig
from fast_style.evaluation.measured_paintings import write_painting
from fast_style.evaluation.paintings import list_known
from fast_style.evaluation.paintings import load_painting
from fast_style.evaluation.paintings import load_paintings
from fast_style.samples import STYLE_IMAGE

PLAIN = types.SimpleNamespace(names=(), is_any=False)
SEVERAL = types.SimpleNamespace(names=("a", "b"), is_any=False)
ANY = types.SimpleNamespace(names=(), is_any=True)


def make_config(**changes):
    if "style_images" not in changes:
        changes["style_image"] = str(STYLE_IMAGE)
    return TrainConfig(**{"train_images": "photos", **changes})


@pytest.fixture
def folder(tmp_path):
    for name in ("a", "b"):
        Image.new("RGB", (90, 70), "red").save(tmp_path / f"{name}.png")
    return tmp_path


class TestLoadPainting:
    def test_has_the_size_of_the_training_or_another(self):
        config = make_config(style_image_size=100)

        assert max(load_painting(config).shape) == 100
        assert max(load_painting(config, size=80).shape) == 80
        assert max(load_painting(None, STYLE_IMAGE).shape) == 512

    def test_that_is_gone_must_be_named(self):
        config = TrainConfig(style_image="gone.jpg", train_images="photos")

        with pytest.raises(FileNotFoundError, match=r"gone\.jpg.*`style_image`"):
            load_painting(config)
        with pytest.raises(ValueError, match="`style_image` must name the painting"):
            load_painting(None)


class TestStoredPainting:
    """A painting that is gone, of which statistics are stored."""

    @pytest.fixture
    def stored(self, tmp_path):
        painting = load_painting(None, STYLE_IMAGE, 64)
        write_painting(painting, [], [], tmp_path / "stored.npz")
        return tmp_path / "stored.npz"

    def test_stands_in_where_the_painting_is_not(self, stored):
        config = TrainConfig(style_image="gone.jpg", train_images="photos")

        painting = load_painting(config, stored=stored)

        assert painting.statistics.shape == (64, 64, 3)

    def test_is_nothing_beside_the_painting_or_another_size_of_it(self, stored):
        config = TrainConfig(style_image="gone.jpg", train_images="photos")

        named = load_painting(config, STYLE_IMAGE, stored=stored)
        found = load_painting(make_config(), stored=stored)

        assert named.shape == found.shape == (512, 512, 3)
        with pytest.raises(FileNotFoundError, match=r"gone\.jpg.*`style_image`"):
            load_painting(config, size=80, stored=stored)


def test_each_style_of_a_file_has_its_painting(folder):
    config = make_config(style_images=(str(folder),))

    paintings = load_paintings(SEVERAL, config, None, None, None)

    assert list(paintings) == ["a", "b"]
    # As large as in the training, which did not enlarge it to 512.
    assert paintings["a"].shape == (199, 256, 3)
    assert list(load_paintings(SEVERAL, config, "b", None, None)) == ["b"]
    with pytest.raises(ValueError, match="which `name` must say"):
        load_paintings(SEVERAL, config, None, folder / "a.png", None)
    with pytest.raises(ValueError, match="`name` must be a, b"):
        load_paintings(SEVERAL, config, "c", None, None)


def test_a_file_of_one_style_has_one_without_a_name():
    (name,) = load_paintings(PLAIN, make_config(), None, None, 80)

    assert name is None


def test_any_picture_or_folder_is_a_style_of_any(folder):
    assert list(load_paintings(ANY, None, None, folder, None)) == ["a", "b"]
    assert list(load_paintings(ANY, None, None, folder / "b.png", 60)) == ["b"]
    array = np.zeros((9, 9, 3), "uint8")
    assert list(load_paintings(ANY, None, None, array, None)) == ["painting"]
    with pytest.raises(ValueError, match="as this style paints like any picture"):
        load_paintings(ANY, None, None, None, None)
    with pytest.raises(ValueError, match="`name` is for a file of several"):
        load_paintings(ANY, None, "a", folder, None)


def test_paintings_trained_on_are_known(folder):
    config = make_config(style_images=(str(folder),))

    assert list_known(ANY, config) == ("a", "b")
    assert list_known(SEVERAL, config) == list_known(ANY, None) == ()
