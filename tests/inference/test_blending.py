import numpy as np
import pytest

from fast_style.inference.blending import blend


def test_is_the_weighted_mean():
    black, white = np.zeros((4, 6, 3), "uint8"), np.full((4, 6, 3), 255, "uint8")

    blended = blend([black, white], [1, 3])

    np.testing.assert_array_equal(blended, np.full((4, 6, 3), 191, "uint8"))


def test_seams_are_smooth():
    black, white = np.zeros((9, 300, 3)), np.full((9, 300, 3), 255.0)
    where = np.zeros((9, 300), "uint8")
    where[:, 150:] = 255

    row = blend([black, white], [255 - where, where])[4, :, 0]

    assert row[:130].max() < 1
    assert row[170:].min() > 254
    assert np.abs(np.diff(row)).max() < 60
    assert (np.diff(row) >= -1e-3).all()


def test_where_no_style_is_all_have_the_same_part():
    black, white = np.zeros((4, 6, 3), "uint8"), np.full((4, 6, 3), 255, "uint8")
    nowhere = np.zeros((4, 6), "uint8")

    blended = blend([black, white], [nowhere, nowhere])

    np.testing.assert_array_equal(blended, np.full((4, 6, 3), 128, "uint8"))


def test_a_batch_has_no_maps():
    with pytest.raises(ValueError, match="for one picture"):
        blend([np.zeros((2, 4, 6, 3))], [np.zeros((4, 6))])
