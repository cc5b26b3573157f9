"""Pictures in which the tests of metrics plant artefacts."""

import pytest

from fast_style import samples
from fast_style.io.images import load_image
from fast_style.io.images import load_resized


@pytest.fixture(scope="session")
def photo():
    return load_resized(samples.find_sample_photos() / "coffee.png", 300)


@pytest.fixture(scope="session")
def strokes():
    """A picture full of brush strokes."""
    return load_image(samples.STYLE_IMAGE)
