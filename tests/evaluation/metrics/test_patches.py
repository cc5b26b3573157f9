import numpy as np
import pytest
from scipy import ndimage

from fast_style.evaluation.metrics.patches import patch_distance


class TestPatchDistance:
    def test_is_small_for_the_same_surface_and_large_for_another(self, strokes, photo):
        left, right = np.array_split(strokes, 2, axis=1)

        same = patch_distance(left, right)

        assert patch_distance(photo, right) > 2 * same

    def test_of_plain_colours_is_their_difference(self):
        # A direction u sees |sum(u)| times it, and E|sum(u)| is sqrt(2 / pi).
        one, other = np.full((64, 64, 3), 100.0), np.full((40, 80, 3), 90.0)

        distance = patch_distance(one, other)

        assert distance == pytest.approx(10 * np.sqrt(2 / np.pi), rel=0.15)

    def test_sees_blur_where_the_palette_is_the_same(self, strokes):
        blurred = ndimage.gaussian_filter(strokes, (3, 3, 0))

        same = patch_distance(strokes, strokes)

        assert patch_distance(blurred, strokes) > same + 3
