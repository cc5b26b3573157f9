import json

import numpy as np
from PIL import Image
import pytest

from fast_style.config.train_config import TrainConfig
from fast_style.evaluation.photos import load_photos
from fast_style.evaluation.photos import load_training_photos
from fast_style.io.images import load_image
from fast_style.io.saving import save_image
from fast_style.samples import STYLE_IMAGE


@pytest.fixture
def folder(tmp_path, rng):
    """Six photos, the first damaged and the second small."""
    for number, side in enumerate((64, 32, 64, 70, 64, 64)):
        pixels = rng.integers(0, 256, (side, side + 9, 3), dtype="uint8")
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
    (tmp_path / "0.png").write_bytes(b"no picture")
    return tmp_path


def make_config(folder, **options):
    return TrainConfig(style_image="style.jpg", train_images=str(folder), **options)


def test_another_takes_the_place_of_a_damaged_one(folder):
    assert list(load_photos(folder, 64, 3)) == ["2.png", "5.png", "1.png"]
    assert list(load_photos(folder, 64, 1)) == ["1.png"]


def test_are_the_middle_square(tmp_path):
    image = np.zeros((50, 100, 3), "uint8")
    image[:, 25:75] = 200
    Image.fromarray(image).save(tmp_path / "bar.png")

    assert load_photos(tmp_path, 64, 1)["bar.png"].min() > 180


def test_trained_on_are_those_that_the_training_took(folder, tmp_path):
    def load(**options):
        config = make_config(folder, **options)
        return sorted(load_training_photos(config, folder, None, 64, 9))

    annotations = folder / "instances.json"
    annotations.write_text(
        json.dumps(
            {
                "images": [{"id": i, "file_name": f"{i}.png"} for i in (2, 4, 5)],
                "annotations": [
                    {"id": i, "image_id": i, "category_id": i % 2} for i in (2, 5)
                ],
                "categories": [{"id": 0, "name": "cat"}, {"id": 1, "name": "dog"}],
            }
        )
    )
    coco = {"coco_annotations": str(annotations), "min_image_size": 1}
    assert load(min_image_size=64) == ["2.png", "3.png", "4.png", "5.png"]
    assert load(**coco) == ["2.png", "4.png", "5.png"]
    assert load(**coco, coco_categories=("dog",)) == ["5.png"]


def test_trained_on_may_be_out_of_reach(folder, tmp_path_factory):
    empty = tmp_path_factory.mktemp("empty")

    for config in (
        None,
        make_config("/no/such/folder"),
        make_config(empty),
        make_config(folder, coco_annotations="/no/such/file.json"),
    ):
        assert load_training_photos(config, folder, None, 64, 9) == {}


def test_errors_name_the_folder_that_is_wrong(folder, tmp_path_factory):
    empty = tmp_path_factory.mktemp("empty")

    with pytest.raises(FileNotFoundError, match="`train_images` must be a folder"):
        load_training_photos(None, folder, "/no/such/folder", 64, 9)
    with pytest.raises(ValueError, match="`train_images` must hold"):
        load_training_photos(None, folder, empty, 64, 9)
    with pytest.raises(ValueError, match="`images` must hold"):
        load_photos(empty, 64, 9)


def test_grey_and_transparent_photos_are_taken(tmp_path):
    save_image(
        Image.fromarray(load_image(STYLE_IMAGE).astype("uint8")).convert("L"),
        tmp_path / "grey.png",
    )
    Image.new("RGBA", (80, 90), (10, 20, 30, 0)).save(tmp_path / "clear.png")

    photos = load_photos(tmp_path, 64, 5)

    assert [p.shape for p in photos.values()] == [(64, 64, 3)] * 2
