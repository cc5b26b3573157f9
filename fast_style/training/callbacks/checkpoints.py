"""Saves checkpoints, and stops a training after Ctrl-C or SIGTERM."""

from absl import logging

from fast_style.training.callbacks.step_callback import StepCallback
from fast_style.training.checkpoints import save_checkpoint


class Checkpoints(StepCallback):
    """Saves checkpoints. Must come last, so that what is saved has been logged.

    Args:
        folder: Folder for the checkpoints.
        num_checkpoints: Number of the newest checkpoints to keep.
        stop_signal: A `StopSignal`; after a signal the present step is saved, and the
            training ends.
        **steps: As in `StepCallback`.

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
