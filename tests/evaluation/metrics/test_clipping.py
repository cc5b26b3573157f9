import numpy as np
import pytest

from fast_style.evaluation.metrics.clipping import clipping


def test_clipping_is_the_share_of_saturated_pixels():
    image = np.full((10, 10, 3), 128.0)
    image[0, :5, 0] = 0
    image[1, :3] = 255

    assert clipping(image) == pytest.approx(0.08)
