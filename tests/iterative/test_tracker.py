import signal

import numpy as np
from PIL import Image
import pytest

from fast_style.io.signals import StopSignal
from fast_style.iterative.tracker import Tracker


def make_plain(value):
    return np.full((4, 4, 3), float(value))


def test_keeps_the_picture_with_the_lowest_loss():
    tracker = Tracker()
    for loss in (5.0, 2.0, 3.0, float("nan")):
        assert tracker.see(make_plain(loss), {"content": 0.0, "style": loss}) == (
            pytest.approx(loss, nan_ok=True)
        )

    np.testing.assert_array_equal(tracker.image, make_plain(2))
    assert tracker.lowest == 2


def test_counts_steps_from_the_start():
    tracker = Tracker()
    for loss in (5.0, 2.0):
        tracker.finish_step({"content": 1.0, "style": loss})

    rows = [{k: row[k] for k in ("step", "loss", "style")} for row in tracker.losses]
    assert rows == [
        {"step": 0, "loss": 6.0, "style": 5.0},
        {"step": 1, "loss": 3.0, "style": 2.0},
    ]
    assert 0 <= tracker.losses[0]["seconds"] <= tracker.losses[1]["seconds"]


def test_writes_the_best_picture_not_the_newest(tmp_path):
    tracker = Tracker(save_every=2, folder=tmp_path)
    for loss in (50.0, 20.0, 30.0, 10.0):
        tracker.see(make_plain(loss), {"style": loss})
        tracker.finish_step({"style": loss})

    (path,) = tmp_path.iterdir()
    assert path.name == "step-00000002.png"
    with Image.open(path) as image:
        np.testing.assert_array_equal(image, make_plain(20))


def test_is_stopped_by_its_signal_only():
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with StopSignal() as stop_signal:
            tracker = Tracker(stop_signal=stop_signal)
            assert not tracker.is_stopped
            signal.raise_signal(signal.SIGINT)
            assert tracker.is_stopped
    finally:
        signal.signal(signal.SIGINT, before)

    assert not Tracker().is_stopped
