"""Ends a training that diverges."""

import keras

from fast_style.training.callbacks.step_callback import StepCallback
from fast_style.training.divergence import DivergenceError
from fast_style.training.divergence import find_divergence
from fast_style.training.trainer import NUM_JUDGED_STEPS


class DivergenceGuard(StepCallback):
    """Stops a training whose loss or gradient is NaN or infinite, or whose loss leaps.

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
