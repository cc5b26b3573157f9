import importlib.util

import numpy as np
from PIL import Image
import pytest

from fast_style import samples


@pytest.mark.parametrize(
    ("path", "draw"),
    [
        (samples.STYLE_IMAGE, samples.draw_strokes),
        (samples.CONTENT_IMAGE, samples.draw_landscape),
    ],
    ids=["style", "content"],
)
def test_the_files_are_what_the_code_draws(path, draw):
    with Image.open(path) as image:
        kept = np.asarray(image.convert("RGB"), float)

    # JPEG keeps no exact pixels; two different drawings are 60 apart.
    assert np.abs(kept - np.asarray(draw(), float)).mean() < 12


def test_there_are_real_photos():
    folder = samples.find_sample_photos()

    with Image.open(folder / "astronaut.png") as photo:
        assert photo.size == (512, 512)


def test_without_scikit_image_the_error_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(ImportError, match=r"pip install .*fast_style\[demo\]"):
        samples.find_sample_photos()
