import numpy as np
import pytest

from fast_style.evaluation.measurements import find_worst
from fast_style.evaluation.measurements import list_worst
from fast_style.evaluation.measurements import measure_photos
from fast_style.evaluation.measurements import summarize_metrics
from fast_style.evaluation.metrics.clipping import clipping
from fast_style.evaluation.metrics.computing import measure_surface
from fast_style.evaluation.metrics.grid import grid
from fast_style.evaluation.metrics.registry import METRICS

NAN = float("nan")


@pytest.fixture(scope="module")
def measured():
    """Two photos, the second noisy, in a style that inverts them."""
    rng = np.random.default_rng(0)
    noisy = rng.uniform(0, 255, (80, 80, 3)).round().astype("float32")
    photos = {"plain": np.full((80, 80, 3), 90, "float32"), "noisy": noisy}

    def loss(content, stylized):
        return {"content": float(np.abs(content - stylized).mean())}

    surface = measure_surface(noisy)
    return photos, measure_photos(lambda image: 255 - image, photos, surface, loss)


class TestMeasurePhotos:
    def test_has_every_metric_in_the_order_of_the_registry(self, measured):
        for one in measured[1]:
            assert list(one["metrics"]) == list(METRICS)
            assert list(one["metrics_untouched"]) == list(METRICS)

    def test_stylized_images_are_the_styles(self, measured):
        photos, results = measured

        for photo, one in zip(photos.values(), results, strict=True):
            np.testing.assert_array_equal(one["stylized"], 255 - photo)
            assert one["losses"]["loss"] == np.abs(255 - 2 * photo).mean()
            assert one["losses_untouched"]["loss"] == 0

    def test_what_needs_the_style_is_undefined_for_the_untouched_photo(self, measured):
        for one in measured[1]:
            assert one["metrics"]["shift_difference"] == 0
            assert np.isnan(one["metrics_untouched"]["shift_difference"])


class TestSummarizeMetrics:
    def test_names_the_worst_photo_and_how_many_count(self, measured):
        photos, results = measured
        surface = measure_surface(photos["noisy"])

        summary = summarize_metrics(results, list(photos), surface)

        assert summary["metrics"]["clipping"]["worst_photo"] == "noisy"
        assert summary["metrics"]["flat_texture"]["num_photos"] == 1
        assert summary["metrics"]["ringing"]["worst_photo"] is None
        assert summary["metrics_untouched"]["ssim"]["mean"] == pytest.approx(1)

    def test_the_painting_has_those_that_it_is_compared_by(self, measured):
        photos, results = measured
        painting = photos["noisy"]

        summary = summarize_metrics(results, list(photos), measure_surface(painting))

        own = {"grid": grid(painting), "clipping": clipping(painting)}
        assert summary["metrics_painting"] == own


class TestFindWorst:
    def test_is_the_lowest_of_what_should_be_high_and_the_other_way_round(self):
        assert find_worst("ssim", [0.5, NAN, 0.2, 0.9]) == 2
        assert find_worst("flat_texture", [0.5, 0.7]) == 0
        assert find_worst("grid", [2.0, NAN, 7.0]) == 2
        assert find_worst("loss", [2.0, 1.0]) == 0

    def test_is_none_if_all_are_undefined(self):
        assert find_worst("grid", [NAN, NAN]) is None


def test_worst_pictures_are_those_of_the_loss_and_of_each_defined_metric(measured):
    photos, results = measured
    rows = list_worst(photos, results)

    names = [caption.split()[0] for caption, _, _ in rows]
    assert names == ["loss", *(name for name in METRICS if name != "ringing")]
    captions = {caption.split()[0]: caption for caption, _, _ in rows}
    assert captions["clipping"].endswith(": noisy")
    for caption, photo, stylized in rows:
        assert photo is photos[caption.split(": ")[1]]
        np.testing.assert_array_equal(stylized, 255 - photo)
