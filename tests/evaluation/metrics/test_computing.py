import numpy as np
import pytest

from fast_style.evaluation.metrics.clipping import clipping
from fast_style.evaluation.metrics.computing import compute_metrics
from fast_style.evaluation.metrics.computing import load_metric
from fast_style.evaluation.metrics.patches import patch_distance
from fast_style.evaluation.metrics.registry import METRICS
from fast_style.evaluation.metrics.shift import shift_difference
from fast_style.evaluation.metrics.structure import ssim


def test_a_metric_is_the_function_of_its_name():
    assert load_metric("ssim") is ssim
    assert load_metric("clipping") is clipping


def test_each_gets_its_own_inputs(photo, strokes):
    def invert(image):
        return 255 - image

    metrics = compute_metrics(
        photo=photo, stylized=invert(photo), painting=strokes, stylize=invert
    )

    assert list(metrics) == list(METRICS)
    assert metrics["ssim"] == ssim(photo, 255 - photo)
    assert metrics["patch_distance"] == patch_distance(255 - photo, strokes)
    assert metrics["shift_difference"] == shift_difference(invert, photo)


def test_without_its_inputs_a_metric_is_undefined(photo):
    metrics = compute_metrics(stylized=photo)

    defined = {name for name, value in metrics.items() if not np.isnan(value)}
    assert defined == {"grid", "border", "clipping"}


def test_unknown_inputs_are_errors(photo):
    with pytest.raises(TypeError, match="style_image"):
        compute_metrics(stylized=photo, style_image=photo)
