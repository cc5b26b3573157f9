"""Writes the history of a training as a table and as curves."""

import pathlib

from fast_style.io.extras import is_installed
from fast_style.io.history import read_history
from fast_style.io.history import write_history
from fast_style.io.plots import plot_losses
from fast_style.training.callbacks.step_callback import StepCallback
from fast_style.training.history import list_columns
from fast_style.training.history import read_step
from fast_style.training.workdir import CURVE_FILE
from fast_style.training.workdir import HISTORY_FILE


class HistoryLog(StepCallback):
    """Adds a row with the mean losses since the last row to a CSV, and plots them.

    Args:
        workdir: Folder that gets `history.csv`, and `loss_curve.png` if matplotlib is
            installed.
        **steps: As in `StepCallback`. Rows of steps after `num_steps_done`, which an
            interrupted run wrote after its last checkpoint, are dropped.
    """

    def __init__(self, workdir, **steps):
        super().__init__(**steps)
        self.path = pathlib.Path(workdir) / HISTORY_FILE
        self.curve_path = pathlib.Path(workdir) / CURVE_FILE
        self.rows = [
            row for row in read_history(self.path) if row["step"] <= self.num_steps_done
        ]

    def on_step(self, step):
        num_steps = step - (self.rows[-1]["step"] if self.rows else 0)
        self.rows.append(read_step(self.model, step, num_steps))
        write_history(self.rows, self.path, list_columns(self.model.names))
        if is_installed("matplotlib"):
            plot_losses(self.rows, self.curve_path, ("loss", *self.model.names))
