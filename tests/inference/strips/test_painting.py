import numpy as np
import pytest

from fast_style.inference.strips.computing import load_stage
from fast_style.inference.strips.painting import measure
from fast_style.inference.strips.painting import stylize_in_strips
from fast_style.inference.strips.pictures import PictureRows
from fast_style.inference.strips.stages import plan_stages
from fast_style.inference.strips.storing import Storage
from fast_style.models.style_files import to_trained_style


@pytest.fixture(scope="module", params=[(1, True), (2, False)], ids=str)
def prepare(generator, request):
    """Makes the arguments of `stylize_in_strips` for an image."""
    factor, is_in_memory = request.param
    storage = Storage(least_factor=factor, is_in_memory=is_in_memory, strip_bytes=2**20)
    stages = plan_stages(to_trained_style(generator), least_factor=factor)
    functions = [load_stage(stage) for stage in stages]
    return lambda image: (stages, PictureRows(image), functions.__getitem__, storage)


def paint(prepared, **options):
    strips = stylize_in_strips(*prepared, **options)
    begins, rows = zip(*((b, rows.copy()) for b, rows in strips), strict=True)
    assert list(begins) == [0, *np.cumsum([len(x) for x in rows])[:-1]]
    return np.concatenate(rows)


@pytest.mark.parametrize(
    ("size", "rows"), [((1, 1), 1), ((145, 70), 7), ((30, 9), 99), ((200, 40), None)]
)
def test_gives_the_pixels_of_keras(generator, prepare, rng, size, rows):
    image = rng.integers(0, 256, (*size, 3), "uint8")

    stylized = paint(prepare(image), strip_rows=rows)

    expected = np.asarray(generator(image[None].astype("float32")))[0]
    np.testing.assert_allclose(stylized, expected, atol=0.05)


def test_a_flat_picture_stays_that_of_keras(generator, prepare):
    image = np.full((90, 50, 3), (200, 100, 7), "uint8")

    stylized = paint(prepare(image), strip_rows=8)

    expected = np.asarray(generator(image[None].astype("float32")))[0]
    np.testing.assert_allclose(stylized, expected, atol=0.5)


def test_all_strips_together_are_all_the_work(prepare, rng):
    image = rng.integers(0, 256, (60, 30, 3), "uint8")
    shares = []

    paint(prepare(image), strip_rows=8, on_strip=shares.append)

    assert min(shares) > 0
    assert sum(shares) == pytest.approx(1)


def test_given_moments_take_the_place_of_measured_ones(prepare, rng):
    image = rng.integers(0, 256, (40, 30, 3), "uint8")
    shares = []

    own, others = measure(*prepare(image)), measure(*prepare(255 - image))
    stylized = paint(prepare(image), moments=own, on_strip=shares.append)

    assert sum(shares) == pytest.approx(1)
    np.testing.assert_allclose(stylized, paint(prepare(image)), atol=0.05)
    different = paint(prepare(image), moments=others)
    assert np.abs(different - stylized).mean() > 1
