from keras import ops
import numpy as np
import pytest

from fast_style.config.optimize_config import OptimizeConfig
from fast_style.iterative.solvers import make_value_and_grad
from fast_style.iterative.solvers import minimize
from fast_style.iterative.tracker import Tracker


class Distance:
    """The mean square distance from a picture, in place of a perceptual loss."""

    def __init__(self, aim):
        self.aim = aim

    def content_features(self, images):
        return images

    def compare(self, content_features, images):
        squares = ops.square(images - self.aim)
        return {"content": ops.mean(squares), "tv": 0.0 * ops.sum(images)}


def run(aim, start, method, num_steps=200):
    tracker = Tracker()
    config = OptimizeConfig(method=method, num_steps=num_steps, learning_rate=5.0)
    minimize(Distance(aim.astype("float32")), start, start, config, tracker)
    return tracker


@pytest.fixture
def start():
    return np.full((8, 6, 3), 100.0, "float32")


class TestValueAndGrad:
    def test_are_those_of_the_formula(self, rng):
        image = rng.uniform(0, 255, (8, 6, 3))
        value_and_grad = make_value_and_grad(
            lambda images: {
                "content": ops.mean(images**2),
                "style": 3.0 * ops.sum(images),
            }
        )

        terms, gradient = value_and_grad(image)

        assert terms == {
            "content": pytest.approx(np.mean(image**2), rel=1e-5),
            "style": pytest.approx(3 * image.sum(), rel=1e-5),
        }
        np.testing.assert_allclose(gradient, 2 * image / image.size + 3, rtol=1e-5)
        assert gradient.dtype == np.float32


@pytest.mark.parametrize("method", ["lbfgs", "adam"])
class TestMinimize:
    def test_finds_the_picture_with_the_lowest_loss(self, method, rng, start):
        aim = rng.uniform(20, 235, start.shape)

        tracker = run(aim, start, method)

        np.testing.assert_allclose(tracker.image, aim, atol=0.5)

    def test_keeps_pixels_in_range(self, method, rng, start):
        aim = rng.uniform(-100, 355, start.shape)

        tracker = run(aim, start, method)

        assert tracker.image.min() >= 0
        assert tracker.image.max() <= 255
        np.testing.assert_allclose(tracker.image, np.clip(aim, 0, 255), atol=0.5)

    def test_notes_the_start_and_each_step(self, method, rng, start):
        aim = rng.uniform(20, 235, start.shape)

        tracker = run(aim, start, method, num_steps=3)

        assert [row["step"] for row in tracker.losses] == [0, 1, 2, 3]
        expected = np.mean((aim - start) ** 2)
        assert tracker.losses[0]["loss"] == pytest.approx(expected, rel=1e-4)

    def test_a_loss_without_a_number_is_an_error(self, method, start):
        aim = np.full_like(start, np.nan)

        with pytest.raises(RuntimeError, match="at the start is NaN or infinite"):
            run(aim, start, method)


def test_lbfgs_ends_when_nothing_more_is_gained(start):
    tracker = run(start, start, "lbfgs")

    assert len(tracker.losses) < 5
    np.testing.assert_array_equal(tracker.image, start)
