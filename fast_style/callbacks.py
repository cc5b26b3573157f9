"""What a training does beside its steps: watches, logs, draws, saves.

A training is one epoch of Keras, so that it has one progress bar and may stop and go
on between any two steps. The callbacks count its steps themselves.
"""

import collections
import datetime
import os
import pathlib
import time

from absl import logging
import keras
from PIL import Image
import rich.console
import rich.progress
from tensorboard.compat.proto import event_pb2
from tensorboard.compat.proto import summary_pb2
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from fast_style.checkpoints import save_checkpoint
from fast_style.guards import DivergenceError
from fast_style.guards import find_collapse
from fast_style.guards import find_divergence
from fast_style.images import make_contact_sheet
from fast_style.images import save_image
from fast_style.metrics import METRICS
from fast_style.metrics import plot_losses
from fast_style.metrics import read_metrics
from fast_style.metrics import read_step
from fast_style.metrics import write_metrics
from fast_style.trainer import NUM_JUDGED_STEPS
from fast_style.trainer import TERMS

_STEPS_OF_SPEED = 50


class _StepCallback(keras.callbacks.Callback):
    """Calls `on_step` after every so many steps, and after the last one.

    Args:
        every_steps: Steps between two calls.
        num_steps: Of the whole training.
        num_steps_done: Where the training goes on.
    """

    def __init__(self, *, every_steps: int, num_steps: int, num_steps_done: int = 0):
        super().__init__()
        self.every_steps = every_steps
        self.num_steps = num_steps
        self.num_steps_done = num_steps_done

    def on_train_batch_end(self, batch, logs=None):
        if keras.backend.backend() == "jax":
            self.model.jax_state_sync()  # Until then variables hold what they held.
        step = self.num_steps_done + batch + 1
        if step % self.every_steps == 0 or step == self.num_steps:
            self.on_step(step)

    def on_step(self, step):
        raise NotImplementedError  # The base has no work of its own; each one does.


class DivergenceGuard(_StepCallback):
    """Stops a training whose loss or gradient is no number, or whose loss leaps up.

    Must come before all that writes, so that nothing of such a step is kept.

    Args:
        threshold: How many times the median of 64 steps the mean loss of the 8
            after them may be; 0: any. It counts when there are 16 before the 8.
        **steps: As for all step callbacks.

    Raises:
        DivergenceError: Out of `fit`.
    """

    def __init__(self, threshold: float, **steps):
        super().__init__(every_steps=1, **steps)
        self.threshold = threshold

    def on_step(self, step):
        recent = keras.ops.convert_to_numpy(self.model.recent_terms)
        norm = float(keras.ops.convert_to_numpy(self.model.optimizer.gradient_norm))
        recent = recent[-min(step, NUM_JUDGED_STEPS) :]
        if reason := find_divergence(recent, norm, self.threshold):
            raise DivergenceError(step, reason)


class MetricsLog(_StepCallback):
    """Writes the mean losses since the last line into a CSV, and their curves.

    Args:
        workdir: Gets `metrics.csv` and `loss_curve.png`.
        **steps: As for all step callbacks. Lines of steps later than
            `num_steps_done`, which an interrupted run wrote after its last
            checkpoint, are dropped.
    """

    def __init__(self, workdir, **steps):
        super().__init__(**steps)
        self.path = pathlib.Path(workdir) / "metrics.csv"
        self.curve_path = pathlib.Path(workdir) / "loss_curve.png"
        self.rows = [
            row for row in read_metrics(self.path) if row["step"] <= self.num_steps_done
        ]

    def on_step(self, step):
        num_steps = step - (self.rows[-1]["step"] if self.rows else 0)
        self.rows.append(read_step(self.model, step, num_steps))
        write_metrics(self.rows, self.path, METRICS)
        plot_losses(self.rows, self.curve_path)


class Progress(_StepCallback):
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


class SampleSheets(_StepCallback):
    """Stylizes the same photos again and again: photo left, stylized right.

    Warns if what comes out has collapsed: all of one colour, or saturated.

    Args:
        folder: Gets `step-00000500.png` and so on.
        photos: List of RGB pictures `(H, W, 3)` in [0, 255].
        **steps: As for all step callbacks.
    """

    def __init__(self, folder, photos, **steps):
        super().__init__(**steps)
        self.folder = pathlib.Path(folder)
        self.photos = photos

    def on_step(self, step):
        rows = []
        for photo in self.photos:
            stylized = self.model.generator(photo[None], training=False)
            rows.append([photo, keras.ops.convert_to_numpy(stylized)[0]])
        height = max(photo.shape[0] for photo in self.photos)
        sheet = make_contact_sheet(rows, height=height)
        path = find_sheet(self.folder, step)
        save_image(sheet, path)
        if collapse := find_collapse([stylized for _, stylized in rows]):
            logging.warning(
                "After %d steps the stylized samples are %s: %s. Lower the learning "
                "rate or raise `content_weight` if that stays.",
                step,
                collapse,
                path,
            )


def find_sheet(folder: str | os.PathLike, step: int) -> pathlib.Path:
    """Returns where the sample sheet of a step is, or would be."""
    return pathlib.Path(folder) / f"step-{step:08d}.png"


class TensorBoardLog(_StepCallback):
    """Writes what `metrics.csv` has, and the sample sheets, for TensorBoard.

    Args:
        folder: Where to.
        sheets_folder: Of `SampleSheets`, which must come before.
        **steps: As for all step callbacks. What an interrupted run wrote of later
            steps than `num_steps_done` is not shown.
    """

    def __init__(self, folder, sheets_folder, **steps):
        super().__init__(**steps)
        self.sheets_folder = pathlib.Path(sheets_folder)
        self.writer = EventFileWriter(str(folder))
        start = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
        self._write(self.num_steps_done + 1, session_log=start)

    def on_step(self, step):
        row = read_step(self.model, step, min(step, self.every_steps))
        values = [
            summary_pb2.Summary.Value(tag=name, simple_value=row[name])
            for name in METRICS[1:]
        ]
        sheet = find_sheet(self.sheets_folder, step)
        if sheet.is_file():
            values.append(summary_pb2.Summary.Value(tag="samples", image=_pack(sheet)))
        self._write(step, summary=summary_pb2.Summary(value=values))
        if step == self.num_steps:
            self.writer.close()

    def _write(self, step, **content):
        event = event_pb2.Event(wall_time=time.time(), step=step, **content)
        self.writer.add_event(event)
        self.writer.flush()


def _pack(path):
    with Image.open(path) as image:
        width, height = image.size
    return summary_pb2.Summary.Image(
        width=width, height=height, colorspace=3, encoded_image_string=path.read_bytes()
    )


class Checkpoints(_StepCallback):
    """Saves all that is needed to go on. Comes last: what it saved has been logged.

    Args:
        folder: Where to.
        num_checkpoints: How many of the newest are kept.
        stop_signal: A `StopSignal`; if it has come, the step is saved, whichever
            it is, and the training ends.
        **steps: As for all step callbacks.

    Raises:
        KeyboardInterrupt: Out of `fit`, after Ctrl-C.
        SystemExit: After SIGTERM.
    """

    def __init__(self, folder, *, num_checkpoints: int, stop_signal=None, **steps):
        super().__init__(**steps)
        self.folder = folder
        self.num_checkpoints = num_checkpoints
        self.stop_signal = stop_signal

    def on_train_batch_end(self, batch, logs=None):
        super().on_train_batch_end(batch, logs)
        step = self.num_steps_done + batch + 1
        if self.stop_signal and self.stop_signal.number and step < self.num_steps:
            self.on_step(step)
            logging.info("Stopped after %d steps; all is saved.", step)
            self.stop_signal.leave()

    def on_step(self, step):
        save_checkpoint(
            self.model, self.folder, step, num_checkpoints=self.num_checkpoints
        )
