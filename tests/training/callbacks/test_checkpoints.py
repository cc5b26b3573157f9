import signal

import pytest

from fast_style.training.callbacks.checkpoints import Checkpoints
from fast_style.training.checkpoints import list_checkpoints

STEPS = {"num_steps": 20, "num_steps_done": 0}


class TestCheckpoints:
    def make(self, folder, **options):
        return Checkpoints(folder, num_checkpoints=2, every_steps=5, **STEPS, **options)

    def test_are_saved_at_times_and_after_the_last_step(
        self, take_steps, trainer, tmp_path
    ):
        take_steps(self.make(tmp_path), trainer, 1, 14)
        assert [step for _, step in list_checkpoints(tmp_path)] == [5, 10]

        take_steps(self.make(tmp_path), trainer, 15, 20)
        assert [step for _, step in list_checkpoints(tmp_path)] == [15, 20]

    @pytest.mark.parametrize(
        ("number", "error"),
        [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)],
    )
    def test_a_signal_saves_the_step_it_came_in(
        self, take_steps, trainer, tmp_path, number, error
    ):
        from fast_style.io.signals import StopSignal

        with StopSignal() as stop_signal:
            checkpoints = self.make(tmp_path, stop_signal=stop_signal)
            take_steps(checkpoints, trainer, 1, 6)
            signal.raise_signal(number)
            with pytest.raises(error):
                take_steps(checkpoints, trainer, 7, 7)

        assert [step for _, step in list_checkpoints(tmp_path)] == [5, 7]
