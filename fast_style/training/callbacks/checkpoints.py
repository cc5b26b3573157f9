"""Checkpoints, and the end of a training that is asked to stop."""

from absl import logging

from fast_style.training.callbacks.step_callback import StepCallback
from fast_style.training.checkpoints import save_checkpoint


class Checkpoints(StepCallback):
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
