"""How far a training is."""

import collections
import datetime
import time

from absl import logging
import rich.progress

from fast_style.losses.terms import TERMS
from fast_style.training.callbacks.step_callback import StepCallback
from fast_style.training.history import read_step

_STEPS_OF_SPEED = 50


class Progress(StepCallback):
    """Shows how far a training is: a bar on a terminal, elsewhere a line at times.

    Wants to be entered around `fit`.

    Args:
        batch_size: Photos per step.
        **steps: As for all step callbacks.
    """

    def __init__(self, batch_size: int, **steps):
        super().__init__(**steps)
        self.batch_size = batch_size
        console = rich.console.Console(stderr=True)
        self.bar = rich.progress.Progress(
            "step",
            rich.progress.MofNCompleteColumn(),
            rich.progress.BarColumn(None),
            "{task.fields[text]}",
            rich.progress.TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=False,
        )
        self.task = self.bar.add_task(
            "", total=self.num_steps, completed=self.num_steps_done, text=""
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
        if not self.bar.disable:
            step = self.num_steps_done + batch + 1
            self.bar.update(self.task, completed=step, text=self._describe(step))

    def on_step(self, step):
        if self.bar.disable:
            text = self._describe(step)
            if speed := self._measure_speed():
                seconds = round((self.num_steps - step) / speed)
                text += f", {datetime.timedelta(seconds=seconds)} left"
            logging.info("Step %d of %d: %s", step, self.num_steps, text)

    def _describe(self, step):
        row = read_step(self.model, step, min(step, self.every_steps))
        text = ", ".join(f"{name} {row[name]:.3f}" for name in ("loss", *TERMS))
        if speed := self._measure_speed():
            text += f", {self.batch_size * speed:.1f} images/s"
        return text

    def _measure_speed(self):
        if len(self.times) < 2:
            return 0.0
        return (len(self.times) - 1) / (self.times[-1] - self.times[0])
