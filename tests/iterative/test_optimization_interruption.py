"""Ctrl-C and SIGTERM while a picture is optimized."""

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
from PIL import Image
import pytest

from fast_style.iterative.optimization import optimize
from fast_style.iterative.tracker import Tracker


@pytest.fixture
def restored_signals():
    """Makes signals that nothing catches errors, and not the end of all tests."""

    def fail(number, frame):
        raise RuntimeError(f"Nothing has caught signal {number}.")

    before = {n: signal.signal(n, fail) for n in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def send_when_there(path, number):
    """Sends this process a signal as soon as there is a file."""

    def wait():
        while not path.exists():
            time.sleep(0.01)
        os.kill(os.getpid(), number)

    threading.Thread(target=wait, daemon=True).start()


@pytest.mark.usefixtures("restored_signals")
class TestSignals:
    @pytest.mark.parametrize("method", ["adam", "lbfgs"])
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_end_it_after_the_step_with_the_best(
        self, number, method, make_picture, quick, tmp_path
    ):
        quick |= {"num_steps": 10_000, "method": method}
        send_when_there(tmp_path / "step-00000002.png", number)

        result = optimize(
            make_picture(48, 48),
            make_picture(48, 48),
            save_every=1,
            folder=tmp_path,
            **quick,
        )

        assert result.is_interrupted
        assert result.signal_number == number
        last = result.losses[-1]
        assert 2 <= last["step"] < 10_000
        assert last["loss"] < result.losses[0]["loss"]
        with Image.open(tmp_path / f"step-{last['step']:08d}.png") as image:
            np.testing.assert_array_equal(result.image, image)

    def test_none_is_told_of_if_none_came(self, make_picture, quick):
        result = optimize(make_picture(48, 48), make_picture(48, 48), **quick)

        assert not result.is_interrupted
        assert result.signal_number == 0

    def test_a_second_ctrl_c_keeps_the_best_too(self, make_picture, quick, monkeypatch):
        see = Tracker.see

        def interrupt(self, image, terms):
            if len(self.losses) == 3:
                raise KeyboardInterrupt  # In the middle of step 3.
            return see(self, image, terms)

        monkeypatch.setattr(Tracker, "see", interrupt)
        result = optimize(make_picture(48, 48), make_picture(48, 48), **quick)

        assert result.signal_number == signal.SIGINT
        assert len(result.losses) == 3
        assert result.losses[2]["loss"] < result.losses[0]["loss"]


@pytest.mark.slow
def test_sigterm_lets_the_command_write_its_picture(make_picture, tmp_path):
    for name in ("photo.png", "painting.png"):
        Image.fromarray(make_picture(48, 48)).save(tmp_path / name)
    code = "import sys; from fast_style.cli import main; sys.exit(main())"
    command = [
        sys.executable, "-c", code, "optimize", "photo.png", "painting.png",
        "--output=out.png", "--image_size=48", "--num_steps=100000", "--save_every=1",
    ]  # fmt: skip
    process = subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    while not (tmp_path / "out_steps" / "step-00000003.png").exists():
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    shown, _ = process.communicate()

    assert process.returncode == 143
    assert shown.splitlines()[-1].startswith("out.png: loss ")
    assert "\x1b" not in shown
    with Image.open(tmp_path / "out.png") as image:
        assert image.size == (48, 48)
    assert (tmp_path / "out_losses.csv").is_file()
