import numpy as np
import pytest

from fast_style.evaluation.losses import compare_losses
from fast_style.evaluation.losses import compute_losses
from fast_style.evaluation.losses import summarize


def differ(content, stylized):
    """A stand-in for a perceptual loss, easy to compute by hand."""
    distance = np.abs(content - stylized).mean()
    return {"content": distance, "style": 255 - stylized.mean(), "tv": 0.5}


def make_photo(level):
    return np.full((8, 8, 3), level, "float32")


def measure(level, stylized_level):
    photo, stylized = make_photo(level), make_photo(stylized_level)
    return {
        "losses": compute_losses(differ, photo, stylized),
        "losses_untouched": compute_losses(differ, photo, photo),
    }


def test_the_loss_is_the_sum_of_its_terms():
    losses = compute_losses(differ, make_photo(100), make_photo(90).astype("uint8"))

    assert tuple(losses) == ("loss", "content", "style", "tv")
    assert losses == {"loss": 175.5, "content": 10, "style": 165, "tv": 0.5}


def test_a_summary_leaves_out_what_is_undefined():
    assert summarize([1.0, float("nan"), 3.0, 8.0, float("inf")]) == {
        "mean": 4.0,
        "median": 3.0,
        "deviation": pytest.approx(np.sqrt(26 / 3)),
        "num_photos": 3,
    }
    assert summarize([float("nan")])["mean"] is None
    assert summarize([float("nan")])["num_photos"] == 0


def test_the_gap_is_the_ratio_of_medians_less_1():
    measured = [measure(100, 90), measure(100, 80), measure(100, 200)]
    training = {"a": make_photo(50)}

    compared = compare_losses(measured, lambda image: image, training, differ)

    # Held out: 175.5, 195.5, 155.5. Trained on, left as it is: 0 + 205 + 0.5.
    assert compared["gap"] == pytest.approx(175.5 / 205.5 - 1)
    assert compared["losses"]["untouched"]["loss"]["mean"] == 155.5


def test_there_is_no_gap_without_training_photos():
    compared = compare_losses([measure(100, 90)], None, {}, differ)

    assert compared["gap"] is None
    assert compared["losses"]["training"] is None
