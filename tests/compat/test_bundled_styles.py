"""Bundled styles give the pixels that they always gave."""

import pathlib

import numpy as np
import pytest

import fast_style

# A photo, and by their names what the styles made of it in version 0.1.
PIXELS = np.load(pathlib.Path(__file__).parent / "data" / "bundled_pixels.npz")


def test_all_styles_are_still_bundled():
    assert set(PIXELS) - {"photo"} <= set(fast_style.list_styles())


@pytest.mark.parametrize("style", sorted(set(PIXELS) - {"photo"}))
def test_pixels_are_the_same(style):
    stylized = fast_style.load_style(style)(PIXELS["photo"])

    # Machines round differently.
    difference = np.abs(stylized.astype("int16") - PIXELS[style])
    assert difference.max() <= 1
    assert np.mean(difference > 0) <= 0.01
