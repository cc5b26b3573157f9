"""Each artefact is planted, and the figure for it must see it, and only it."""

import numpy as np
import pytest
from scipy import ndimage
from skimage.metrics import structural_similarity

from fast_style.evaluation.metrics.border import border
from fast_style.evaluation.metrics.clipping import clipping
from fast_style.evaluation.metrics.flat_areas import flat_texture
from fast_style.evaluation.metrics.flat_areas import ringing
from fast_style.evaluation.metrics.grid import grid
from fast_style.evaluation.metrics.luminance import to_luminance
from fast_style.evaluation.metrics.patches import patch_distance
from fast_style.evaluation.metrics.shift import shift_difference
from fast_style.evaluation.metrics.structure import gradient_similarity
from fast_style.evaluation.metrics.structure import ssim
from fast_style.io.images import load_image
from fast_style.io.images import load_resized


@pytest.fixture(scope="module")
def photo():
    from fast_style.samples import find_sample_photos

    return load_resized(find_sample_photos() / "coffee.png", 300)


@pytest.fixture(scope="module")
def strokes():
    from fast_style import samples

    return load_image(samples.STYLE_IMAGE)


def plain_with_edge():
    """A grey plane, black at the left: flat on both sides of a strong edge."""
    image = np.full((128, 192, 3), 150.0)
    image[:, :40] = 30.0
    return image


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

    @pytest.mark.parametrize("figure", [ssim, gradient_similarity])
    def test_is_1_for_the_photo_and_falls_with_blur(self, figure, photo):
        blurred = [ndimage.gaussian_filter(photo, (s, s, 0)) for s in (1, 2, 4)]
        kept = [figure(photo, image) for image in (photo, *blurred)]

        assert kept[0] == pytest.approx(1)
        assert kept == sorted(kept, reverse=True)

    @pytest.mark.parametrize("figure", [ssim, gradient_similarity])
    def test_does_not_mind_colour(self, figure, photo):
        grey = np.repeat(to_luminance(photo)[..., None], 3, axis=-1)

        assert figure(photo, grey) == pytest.approx(1, abs=1e-6)

    def test_gradient_similarity_of_a_step_is_the_formulas(self):
        one, other = np.zeros((16, 16, 3)), np.zeros((16, 16, 3))
        one[:, 8:], other[:, 8:] = 90.0, 30.0
        # Two of eight columns at half size have a gradient, of 90 and 30.
        expected = (6 + 2 * (2 * 90 * 30 + 170) / (90**2 + 30**2 + 170)) / 8

        assert gradient_similarity(one, other) == pytest.approx(expected)


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


class TestGrid:
    @pytest.mark.parametrize("period", [2, 4])
    @pytest.mark.parametrize("axis", [0, 1])
    def test_sees_weak_stripes_of_the_upsampling(self, photo, period, axis):
        place = np.indices(photo.shape[:2])[axis]
        planted = photo + 3.0 * np.cos(2 * np.pi * place / period)[..., None]

        assert grid(photo) < 3
        assert grid(planted) > 10

    def test_sees_a_checkerboard(self, photo):
        y, x = np.indices(photo.shape[:2])

        assert grid(photo + 2.0 * (-1.0) ** (x + y)[..., None]) > 10

    def test_does_not_mind_stripes_of_another_period_or_noise(self, photo, rng):
        x = np.indices(photo.shape[:2])[1]
        striped = photo + 10 * np.cos(2 * np.pi * x / 5.5)[..., None]

        assert grid(striped) < 3
        assert grid(photo + rng.normal(0, 10, photo.shape)) < 3

    def test_is_not_known_for_small_pictures(self):
        assert np.isnan(grid(np.zeros((63, 200, 3))))


class TestBorder:
    def test_is_about_1_for_noise_whatever_its_colour(self, rng):
        values = [
            border(rng.normal(100, 30, (128, 160, 3)) + rng.uniform(0, 50, 3))
            for _ in range(10)
        ]

        assert np.mean(values) == pytest.approx(1, abs=0.2)

    @pytest.mark.parametrize("side", ["top", "bottom", "left", "right"])
    def test_sees_a_band_on_any_side(self, side, rng):
        image = rng.normal(100, 30, (128, 160, 3))
        band = {
            "top": np.s_[:4],
            "bottom": np.s_[-4:],
            "left": np.s_[:, :4],
            "right": np.s_[:, -4:],
        }
        image[band[side]] += 20

        assert border(image) > 5

    def test_is_the_steps_ratio_by_hand(self):
        # Lines of a ramp: each step is 6 lines' rise, at the border twice that.
        image = np.broadcast_to(np.arange(128.0)[:, None, None], (128, 128, 3)).copy()
        image[:4] -= 6
        # Of four sides two see the ramp, one of them with the planted band; the
        # others see nothing. Inside: two of four, 6 each.
        expected = np.sqrt((12**2 + 6**2) / 4 / (2 * 6**2 / 4))

        assert border(image) == pytest.approx(expected, rel=1e-6)

    def test_is_not_known_for_small_pictures(self):
        assert np.isnan(border(np.zeros((63, 200, 3))))


def test_clipping_is_the_share_of_saturated_pixels():
    image = np.full((10, 10, 3), 128.0)
    image[0, :5, 0] = 0
    image[1, :3] = 255

    assert clipping(image) == pytest.approx(0.08)


class TestFlatTexture:
    def test_is_0_for_empty_areas_and_1_for_the_painting_itself(self, strokes):
        strokes = strokes[:128, :192]
        plain = np.full(strokes.shape, 90.0)

        assert flat_texture(plain, plain, strokes) == pytest.approx(0)
        assert flat_texture(plain, strokes, strokes) == pytest.approx(1)

    def test_looks_at_flat_areas_alone(self, strokes, rng):
        strokes = strokes[:128, :192]
        photo = np.full(strokes.shape, 90.0)
        photo[:, 96:] += rng.normal(0, 40, (128, 96, 3))
        painted = photo.copy()
        painted[:, 96:] = strokes[:, 96:]

        assert flat_texture(photo, painted, strokes) < 0.4

    def test_is_not_known_without_flat_areas(self, strokes, rng):
        noise = rng.uniform(0, 255, (64, 64, 3))

        assert np.isnan(flat_texture(noise, noise, strokes))


class TestRinging:
    def test_is_about_1_for_even_texture(self, rng):
        photo = plain_with_edge()
        textured = photo + rng.normal(0, 10, photo.shape)

        assert ringing(photo, textured) == pytest.approx(1, abs=0.15)

    def test_sees_echoes_of_an_edge(self, rng):
        photo = plain_with_edge()
        distance = np.abs(np.arange(192) - 40)
        echo = 30 * np.cos(2 * np.pi * distance / 6) * np.exp(-distance / 8)
        textured = photo + rng.normal(0, 5, photo.shape) + echo[None, :, None]

        assert ringing(photo, textured) > 2

    def test_is_not_known_without_edges(self):
        plain = np.full((64, 64, 3), 90.0)

        assert np.isnan(ringing(plain, plain))


class TestShiftDifference:
    def test_is_0_for_what_moves_along(self, photo):
        assert shift_difference(lambda image: 255 - image, photo) == 0

    def test_sees_a_pattern_that_stays(self, photo):
        def stylize(image):
            x = np.indices(image.shape[:2])[1]
            return image + 10 * (x % 4 == 0)[..., None]

        # In a quarter of the pixels one has it, in another quarter the other,
        # unless the shift is 4 or 8.
        expected = 6 / 8 * 10 * 0.5
        actual = shift_difference(stylize, photo)
        assert actual == pytest.approx(expected, rel=0.05)

    def test_is_not_known_for_tiny_photos(self):
        assert np.isnan(shift_difference(lambda x: x, np.zeros((30, 90, 3))))
