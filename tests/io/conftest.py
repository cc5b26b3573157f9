"""What several test files of this wing need."""

import pytest


@pytest.fixture
def colours(rng):
    """A tiny picture in which every pixel has its own colour."""
    return rng.integers(0, 256, (5, 7, 3), "uint8")
