import numpy as np
import pytest

from fast_style.evaluation.metrics.flat_areas import flat_texture
from fast_style.evaluation.metrics.flat_areas import ringing


def plain_with_edge():
    """A grey plane, black at the left: flat on both sides of a strong edge."""
    image = np.full((128, 192, 3), 150.0)
    image[:, :40] = 30.0
    return image


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
