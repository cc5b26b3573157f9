"""Metrics of a painting's surface are those of the painting."""

import dataclasses

import pytest

from fast_style.evaluation.metrics.clipping import clipping
from fast_style.evaluation.metrics.computing import compute_metrics
from fast_style.evaluation.metrics.computing import measure_surface
from fast_style.evaluation.metrics.grid import grid
from fast_style.evaluation.metrics.patch_projections import reduce_projections


def test_a_surface_stands_for_its_painting(photo, strokes):
    surface = measure_surface(strokes)

    for stylized in (strokes[:200, :200], 255 - photo):
        pictures = {"photo": photo[: len(stylized)], "stylized": stylized}
        pictures["photo"] = stylized
        expected = compute_metrics(**pictures, painting=strokes)
        actual = compute_metrics(**pictures, painting=surface)
        for name, value in expected.items():
            assert actual[name] == pytest.approx(value, nan_ok=True), name
    assert surface.values == {"grid": grid(strokes), "clipping": clipping(strokes)}


def test_means_of_neighbours_are_enough(photo, strokes):
    surface = measure_surface(strokes)
    reduced = [reduce_projections(each, 64) for each in surface.patches]
    small = dataclasses.replace(surface, patches=reduced)

    expected, actual = (
        compute_metrics(stylized=photo, painting=each)["patch_distance"]
        for each in (surface, small)
    )

    assert actual == pytest.approx(expected, rel=0.01)
