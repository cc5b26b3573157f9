"""Pictures of cameras: sums of millions of pixels, and buffers of gigabytes."""

import numpy as np
from PIL import Image
import pytest

from fast_style import samples
from fast_style.inference.engines import onnxruntime_engine
from fast_style.inference.stylizer import load_style
from fast_style.models.catalog import find_style
from fast_style.models.style_files import read_style

pytestmark = pytest.mark.slow
_LIMIT = 6 * 2**30  # Of the memory, so that strips do not depend on what is free.


@pytest.fixture(scope="module")
def photo():
    """3000x4000 pixels."""
    with Image.open(samples.PHOTOS / "rocket.jpg") as image:
        large = image.convert("RGB").resize((4000, 3000), Image.Resampling.BICUBIC)
    return np.asarray(large)


@pytest.fixture(scope="module")
def expected(photo):
    """What ONNX Runtime, whose sums are in 64 bits, makes of it at once."""
    stylize = onnxruntime_engine.load(read_style(find_style("great_wave")))
    return stylize(photo[None].astype("float32"))[0]


@pytest.mark.parametrize("engine", ["auto", "tensorflow", "onnxruntime"])
def test_twelve_megapixels_are_those_of_another_engine(photo, expected, engine):
    stylizer = load_style("great_wave", engine=engine, precision="float32")
    computed = []

    stylized = stylizer(photo, report=computed.append, memory_limit=_LIMIT)

    assert np.abs(stylized - expected).max() <= 2
    assert computed == ["tensorflow, in strips"]


def test_twenty_four_megapixels_too(photo, expected):
    """A photo above its own mirror image: so the statistics stay what they are."""
    large = np.concatenate([photo, photo[-2::-1]])
    stylizer = load_style("great_wave", precision="float32")
    computed = []

    stylized = stylizer(large, report=computed.append, memory_limit=_LIMIT)

    assert computed == ["tensorflow, in strips"]
    # The noise goes on below, and is not mirrored.
    difference = np.abs(stylized[:2900] - expected[:2900])
    assert difference.mean() < 0.1
    assert (difference > 2).mean() < 1e-4
