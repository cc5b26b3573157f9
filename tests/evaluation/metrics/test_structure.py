import numpy as np
import pytest
from scipy import ndimage
from skimage.metrics import structural_similarity

from fast_style.evaluation.metrics.luminance import to_luminance
from fast_style.evaluation.metrics.structure import gradient_similarity
from fast_style.evaluation.metrics.structure import ssim


class TestKept:
    def test_ssim_is_scikit_images(self, photo, rng):
        other = np.clip(photo + rng.normal(0, 30, photo.shape), 0, 255)
        expected = structural_similarity(
            to_luminance(photo),
            to_luminance(other),
            data_range=255,
            gaussian_weights=True,
            use_sample_covariance=False,
        )

        assert ssim(photo, other) == pytest.approx(expected, abs=1e-6)

    @pytest.mark.parametrize("metric", [ssim, gradient_similarity])
    def test_is_1_for_the_photo_and_falls_with_blur(self, metric, photo):
        blurred = [ndimage.gaussian_filter(photo, (s, s, 0)) for s in (1, 2, 4)]
        kept = [metric(photo, image) for image in (photo, *blurred)]

        assert kept[0] == pytest.approx(1)
        assert kept == sorted(kept, reverse=True)

    @pytest.mark.parametrize("metric", [ssim, gradient_similarity])
    def test_does_not_mind_colour(self, metric, photo):
        grey = np.repeat(to_luminance(photo)[..., None], 3, axis=-1)

        assert metric(photo, grey) == pytest.approx(1, abs=1e-6)

    def test_gradient_similarity_of_a_step_is_the_formulas(self):
        one, other = np.zeros((16, 16, 3)), np.zeros((16, 16, 3))
        one[:, 8:], other[:, 8:] = 90.0, 30.0
        # Two of eight columns at half size have a gradient, of 90 and 30.
        expected = (6 + 2 * (2 * 90 * 30 + 170) / (90**2 + 30**2 + 170)) / 8

        assert gradient_similarity(one, other) == pytest.approx(expected)
