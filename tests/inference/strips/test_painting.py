import dataclasses

import numpy as np
import pytest

from fast_style.inference.strips.painting import count_sweeps
from fast_style.inference.strips.painting import measure_thumbnail
from fast_style.inference.strips.painting import stylize_in_strips
from fast_style.inference.strips.pictures import PictureRows
from fast_style.inference.strips.sweeping import Sweeper
from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.generator import build_generator
from fast_style.models.style_files import to_trained_style

OWN = {
    **ARCHITECTURES,
    "wide range": dataclasses.replace(
        ARCHITECTURES["tiny"], output_gain=150.0, num_residual_blocks=0, refine=(8, 6)
    ),
    "noise without skip": dataclasses.replace(
        ARCHITECTURES["johnson"], noise_channels=2, num_residual_blocks=1
    ),
    "inner skips at a stride of 8": dataclasses.replace(
        ARCHITECTURES["tiny"],
        down=((8, 5, 2), (16, 3, 2), (32, 3, 2)),
        num_residual_blocks=1,
        up=(16, 8, 8),
        has_inner_skips=True,
    ),
}


@pytest.fixture(scope="module", params=OWN)
def generator(request):
    generator = build_generator("own", architecture=OWN[request.param])
    rng = np.random.default_rng(1)
    for weights in generator.weights:
        if len(weights.shape) == 1:  # Neither ones nor zeros, so that none is lost.
            weights.assign(rng.normal(weights.numpy().mean(), 0.2, weights.shape))
    return generator


def paint(style, image, sweeper, **options):
    strips = stylize_in_strips(style, PictureRows(image), sweeper, **options)
    begins, rows = zip(*strips, strict=True)
    assert list(begins) == [0, *np.cumsum([len(x) for x in rows])[:-1]]
    return np.concatenate(rows)


@pytest.mark.parametrize(("size", "rows"), [((1, 1), 1), ((45, 70), 7), ((30, 9), 99)])
def test_gives_the_pixels_of_keras(generator, rng, size, rows):
    image = rng.integers(0, 256, (*size, 3), "uint8")
    style = to_trained_style(generator)

    stylized = paint(style, image, Sweeper(strip_rows=rows))

    expected = np.asarray(generator(image[None].astype("float32")))[0]
    np.testing.assert_allclose(stylized, expected, atol=0.05)


def test_sweeps_are_counted(generator, rng):
    image = rng.integers(0, 256, (20, 30, 3), "uint8")
    style = to_trained_style(generator)
    shares = []
    sweeper = Sweeper(strip_rows=8, on_strip=shares.append)

    paint(style, image, sweeper)

    assert sum(shares) == pytest.approx(count_sweeps(style))


def test_given_moments_take_the_place_of_measured_ones(generator, rng):
    image = rng.integers(0, 256, (40, 30, 3), "uint8")
    style, shares = to_trained_style(generator), []
    sweeper = Sweeper(on_strip=shares.append)

    own = measure_thumbnail(style, PictureRows(image), Sweeper())
    others = measure_thumbnail(style, PictureRows(255 - image), Sweeper())
    stylized = paint(style, image, sweeper, moments=own)

    assert sum(shares) == pytest.approx(count_sweeps(style, has_moments=True))
    np.testing.assert_allclose(stylized, paint(style, image, Sweeper()), atol=0.05)
    different = paint(style, image, Sweeper(), moments=others)
    assert np.abs(different - stylized).mean() > 1
