"""Trainings of several styles."""

import io

import numpy as np
from PIL import Image
import pytest

from fast_style import samples
from fast_style.config.config_files import read_config
from fast_style.inference.stylizer import load_style
from fast_style.models.style_files import fold
from fast_style.models.style_files import read_style
from fast_style.models.style_files import read_thumbnails
from fast_style.training.run import train


def make_config(paintings, **changes):
    changes = {
        "style_image": "",
        "style_images": ",".join(map(str, paintings)),
        **changes,
    }
    return read_config("smoke", [f"--config.{k}={v}" for k, v in changes.items()])


@pytest.fixture(scope="module")
def paintings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("paintings")
    with Image.open(samples.STYLE_IMAGE) as strokes:
        for name, angle in (("red", 0), ("green", 90), ("blue", 180)):
            strokes.rotate(angle).save(folder / f"{name}.png")
    return [folder / f"{name}.png" for name in ("red", "green", "blue")]


@pytest.fixture(scope="module")
def two(paintings, tmp_path_factory):
    config = make_config(paintings[:2], min_style_weight=0.1, num_steps=12)
    return train(config, tmp_path_factory.mktemp("runs") / "two")


def get_rows(path, name, strength=1.0):
    style = read_style(path)
    return fold(style, style.conditions.mix({name: 1}, strength)).weights


def test_a_file_has_all_styles_and_they_differ(two, rng):
    image = rng.integers(0, 256, (40, 30, 3), "uint8")

    stylizer = load_style(two)

    assert stylizer.names == ("red", "green")
    thumbnails = read_thumbnails(two)
    assert list(thumbnails) == ["red", "green"]
    with Image.open(io.BytesIO(thumbnails["red"])) as thumbnail:
        assert max(thumbnail.size) == 64  # As large as the painting is compared.
    pictures = [stylizer(image, name=name) for name in stylizer.names]
    assert np.abs(pictures[0].astype(int) - pictures[1]).mean() > 0
    weaker = stylizer(image, name="red", strength=0.6)
    assert np.abs(pictures[0].astype(int) - weaker).mean() > 0


def test_a_style_that_is_added_leaves_the_others_as_they_are(two, paintings, tmp_path):
    config = make_config(
        paintings, min_style_weight=0.1, num_steps=4, init_from=two.parent
    )

    three = train(config, tmp_path / "three")

    for name in ("red", "green"):
        for strength in (0.0, 0.3, 1.0):
            before, after = (
                get_rows(two, name, strength),
                get_rows(three, name, strength),
            )
            for key in before:
                np.testing.assert_array_equal(after[key], before[key])
    new, old = get_rows(three, "blue"), get_rows(three, "red")
    assert any((new[key] != old[key]).any() for key in new)
    kernels = [key for key in new if key.endswith("/kernel")]
    for key in kernels:
        np.testing.assert_array_equal(new[key], old[key])
