"""What the slow method keeps and shows while it works."""

import pathlib
import time

import numpy as np

from fast_style.io.progress import format_losses
from fast_style.io.progress import ProgressBar
from fast_style.io.saving import save_image
from fast_style.io.signals import StopSignal


class Tracker:
    """Keeps the best picture and the losses of each step; shows progress.

    Args:
        num_steps: Length of the progress bar; 0 for none.
        save_every: The best picture is written after so many steps; 0: never.
        folder: Where to.
        stop_signal: Ends the work after the step in which it comes. None: nothing does.

    Attributes:
        image: The picture with the lowest loss, `(H, W, 3)`; None before the loss of
            the start is known.
        losses: As in `OptimizationResult`.
        lowest: The loss of `image`.
        progress: To be entered around the work.
    """

    def __init__(
        self,
        num_steps: int = 0,
        save_every: int = 0,
        folder=None,
        stop_signal: StopSignal | None = None,
    ):
        self.image = None
        self.losses = []
        self.lowest = np.inf
        self.progress = ProgressBar("step", num_steps, is_shown=num_steps > 0)
        self.save_every = save_every
        self.folder = folder
        self.stop_signal = stop_signal
        self.start = time.perf_counter()

    @property
    def is_stopped(self) -> bool:
        """Whether a signal has come, so that no further step is wanted."""
        return self.stop_signal is not None and self.stop_signal.number != 0

    def see(self, image, terms) -> float:
        """Keeps a picture if its loss is the lowest so far.

        Args:
            image: RGB `(H, W, 3)` in [0, 255].
            terms: Dict from loss term to number.

        Returns:
            The loss, which is the sum of its terms.
        """
        loss = sum(terms.values())
        if self.image is None or loss < self.lowest:
            self.image, self.lowest = image, loss
        return loss

    def finish_step(self, terms) -> None:
        """Notes and shows the losses at the end of a step; the first is the start.

        Args:
            terms: Dict from loss term to number.
        """
        step = len(self.losses)
        losses = {"loss": sum(terms.values()), **terms}
        seconds = time.perf_counter() - self.start
        self.losses.append({"step": step, **losses, "seconds": seconds})
        self.progress.update(step, format_losses(losses))
        if self.save_every and step and step % self.save_every == 0:
            save_image(self.image, find_step_image(self.folder, step))


def find_step_image(folder, step: int) -> pathlib.Path:
    """Returns where the best picture after some steps is, or would be."""
    return pathlib.Path(folder) / f"step-{step:08d}.png"
