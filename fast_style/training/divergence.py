"""Detects divergence and collapse: a training that should not go on as it is."""

import numpy as np

# A single photo may have twice the median loss. Relative losses are bounded: those of a
# collapsed generator stay at three times the median.
NUM_NEWEST = 8
# The median of fewer steps is unreliable.
_LEAST_STEPS_OF_MEDIAN = 16
_COLLAPSED_DEVIATION = 2.0
_COLLAPSED_SATURATION = 0.9


class DivergenceError(Exception):
    """A step after which a training cannot go on.

    Attributes:
        step: Number of the step, counted from 1.
        reason: What is wrong.
    """

    def __init__(self, step: int, reason: str):
        super().__init__(f"step {step}: {reason}")
        self.step = step
        self.reason = reason


def find_divergence(names, recent_terms, gradient_norm: float, threshold: float) -> str:
    """Finds out whether the training has diverged at the last step.

    Args:
        names: Of the loss terms.
        recent_terms: `(steps, len(names))`, their weighted losses in the last steps,
            the newest last.
        gradient_norm: Global norm of the last step's gradient.
        threshold: As in `callbacks.DivergenceGuard`.

    Returns:
        The reason, or an empty string.
    """
    recent_terms = np.asarray(recent_terms, "float64")
    for term, value in zip(names, recent_terms[-1], strict=True):
        if not np.isfinite(value):
            return f"the {term} loss was {value}"
    if not np.isfinite(gradient_norm):
        return f"the gradient's norm was {gradient_norm}"
    before, newest = recent_terms[:-NUM_NEWEST], recent_terms[-NUM_NEWEST:]
    if not threshold or len(before) < _LEAST_STEPS_OF_MEDIAN:
        return ""
    median = np.median(before.sum(axis=1))
    ratio = newest.sum(axis=1).mean() / median
    if ratio <= threshold:
        return ""
    term = names[np.argmax(newest.mean(axis=0) - np.median(before, axis=0))]
    return (
        f"the loss of the last {NUM_NEWEST} steps was {ratio:.1f} times the median "
        f"of those before, {median:.3g}; most of it came from the {term} loss"
    )


def find_collapse(images) -> str:
    """Finds out whether stylized images have lost all content, and how.

    Args:
        images: List of RGB images `(H, W, 3)` in [0, 255].

    Returns:
        `all of one colour` if the standard deviation of each channel of each image
        is below 2 grey levels; `saturated` if more than 90 % of all values lie
        within 1 of 0 or of 255; else an empty string.
    """
    if max(image.std(axis=(0, 1)).max() for image in images) < _COLLAPSED_DEVIATION:
        return "all of one colour"
    values = np.concatenate([np.ravel(image) for image in images])
    if np.mean((values < 1) | (values > 254)) > _COLLAPSED_SATURATION:
        return "saturated"
    return ""
