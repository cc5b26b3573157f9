import colorsys

import numpy as np
from PIL import Image
import pytest

from fast_style.inference.adjusting import Adjustment


@pytest.fixture
def pair(rng):
    return rng.uniform(60, 200, (2, 2, 5, 7, 3)).astype("float32")


def test_strength_blends_photo_and_stylized_image(pair):
    photo, stylized = pair

    for strength in (0, 0.25, 1):
        adjusted = Adjustment(strength=strength).apply(photo, stylized)

        expected = (1 - strength) * photo + strength * stylized
        np.testing.assert_allclose(adjusted, expected, rtol=1e-5)
        assert adjusted.dtype == np.float32


def test_preserving_colour_takes_the_luminance_of_the_stylized_image(pair):
    photo, stylized = pair

    adjusted = Adjustment(preserve_color=True).apply(photo, stylized)

    def to_ycbcr(image):
        picture = Image.fromarray(np.rint(image[0]).astype("uint8"))
        return np.asarray(picture.convert("YCbCr"), "float32")

    unclipped = (adjusted[0].min(axis=-1) > 0) & (adjusted[0].max(axis=-1) < 255)
    found, of_photo, of_style = map(to_ycbcr, (adjusted, photo, stylized))
    np.testing.assert_allclose(
        found[unclipped][:, 0], of_style[unclipped][:, 0], atol=2
    )
    np.testing.assert_allclose(
        found[unclipped][:, 1:], of_photo[unclipped][:, 1:], atol=2
    )
    assert unclipped.mean() > 0.5


def test_a_grey_stylized_image_keeps_the_hue_of_the_photo():
    photo = np.float32([[[[200, 100, 60]]]])
    grey = np.full_like(photo, 140)

    adjusted = Adjustment(preserve_color=True).apply(photo, grey)[0, 0, 0]

    hues = [colorsys.rgb_to_hls(*each)[0] for each in (photo[0, 0, 0], adjusted)]
    assert hues[1] == pytest.approx(hues[0], abs=0.01)


def test_bright_and_dark_ends_are_clipped():
    photo = np.float32([[[[250, 5, 100]]]])

    for level, limit in ((255, "max"), (0, "min")):
        stylized = np.full_like(photo, level)
        adjusted = Adjustment(preserve_color=True).apply(photo, stylized)
        assert getattr(adjusted, limit)() == level


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan")])
def test_another_strength_is_refused(strength):
    with pytest.raises(ValueError, match=r"`strength` must be at least 0.*Received"):
        Adjustment(strength=strength)
