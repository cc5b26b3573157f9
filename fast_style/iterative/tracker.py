"""What the slow method keeps and shows while it works."""

import pathlib
import time

import keras
import numpy as np

from fast_style.io.images import save_image


class Tracker:
    """Keeps the best picture and the losses of each step; shows progress.

    Args:
        num_steps: Length of the progress bar; 0 for none.
        save_every: The best picture is written after so many steps; 0: never.
        folder: Where to.

    Attributes:
        image: The picture with the lowest loss, `(H, W, 3)`; None before the
            start has been looked at.
        losses: As in `OptimizationResult`.
    """

    def __init__(self, num_steps: int = 0, save_every: int = 0, folder=None):
        self.image = None
        self.losses = []
        self.is_interrupted = False
        self.num_steps = num_steps
        self.progress = keras.utils.Progbar(num_steps) if num_steps else None
        self.save_every = save_every
        self.folder = folder
        self.lowest = np.inf
        self.start = time.perf_counter()

    def see(self, image, terms) -> float:
        """Takes note of a picture and its loss terms; returns their sum."""
        loss = sum(terms.values())
        if self.image is None or loss < self.lowest:
            self.image, self.lowest = image, loss
        return loss

    def finish_step(self, terms) -> None:
        """Writes down the losses with which a step ended."""
        step = len(self.losses)
        losses = {"loss": sum(terms.values()), **terms}
        seconds = time.perf_counter() - self.start
        self.losses.append({"step": step, **losses, "seconds": seconds})
        if self.progress and step:
            self.progress.stateful_metrics = set(losses)
            self.progress.update(step, list(losses.items()), finalize=False)
        if self.save_every and step and step % self.save_every == 0:
            path = pathlib.Path(self.folder) / f"step-{step:08d}.png"
            save_image(self.image, path)
