"""Shows the progress of a training."""

import collections
import datetime
import time

from fast_style.io.progress import format_losses
from fast_style.io.progress import ProgressBar
from fast_style.io.progress import show_line
from fast_style.training.callbacks.step_callback import StepCallback
from fast_style.training.history import read_step

_STEPS_OF_SPEED = 50


class Progress(StepCallback):
    """Shows the progress of a training: a bar on a terminal, lines elsewhere.

    A context, to be entered around `fit`.

    Args:
        batch_size: Crops per step.
        **steps: As in `StepCallback`.
    """

    def __init__(self, batch_size: int, **steps):
        super().__init__(**steps)
        self.batch_size = batch_size
        # Without a bar, `on_step` logs a line after so many steps.
        self.bar = ProgressBar(
            "step",
            self.num_steps,
            completed=self.num_steps_done,
            line_seconds=None,
        )
        self.times = collections.deque(maxlen=_STEPS_OF_SPEED)

    def __enter__(self):
        self.bar.__enter__()
        return self

    def __exit__(self, *details):
        self.bar.__exit__(*details)

    def on_train_batch_end(self, batch, logs=None):
        self.times.append(time.perf_counter())
        super().on_train_batch_end(batch, logs)
        if self.bar.is_bar:
            step = self.num_steps_done + batch + 1
            self.bar.update(step, self._describe(step))

    def on_step(self, step):
        if not self.bar.is_bar:
            text = self._describe(step)
            if speed := self._measure_speed():
                seconds = round((self.num_steps - step) / speed)
                text += f", {datetime.timedelta(seconds=seconds)} left"
            show_line(f"Step {step} of {self.num_steps}: {text}")

    def _describe(self, step):
        row = read_step(self.model, step, min(step, self.every_steps))
        text = format_losses({name: row[name] for name in ("loss", *self.model.names)})
        if speed := self._measure_speed():
            text += f", {self.batch_size * speed:.1f} images/s"
        return text

    def _measure_speed(self):
        if len(self.times) < 2:
            return 0.0
        return (len(self.times) - 1) / (self.times[-1] - self.times[0])
