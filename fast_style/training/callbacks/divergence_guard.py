"""Ends a training that diverges."""

import keras

from fast_style.training.callbacks.step_callback import StepCallback
from fast_style.training.divergence import DivergenceError
from fast_style.training.divergence import find_divergence
from fast_style.training.trainer import NUM_JUDGED_STEPS


class DivergenceGuard(StepCallback):
    """Stops a training whose loss or gradient is NaN or infinite, or whose loss leaps.

    Must come before all that write, so that nothing of such a step is kept.

    Args:
        threshold: Largest ratio of the mean loss of 8 steps to the median of the 64
            before them; 0: any. Not checked before there are 16 steps for the median.
        **steps: As in `StepCallback`.

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
        if reason := find_divergence(self.model.names, recent, norm, self.threshold):
            raise DivergenceError(step, reason)
