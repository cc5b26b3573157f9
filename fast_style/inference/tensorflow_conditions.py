"""The choice among styles and strengths, in a TensorFlow graph."""

import numpy as np
import tensorflow as tf

from fast_style.inference.tensorflow_looking import predict
from fast_style.models.style_files import TrainedStyle

_TINY = 1e-9


def make_choice_specs(
    style: TrainedStyle,
    batch: int | None,
    *,
    dtype=tf.float32,
    is_seen: bool = False,
) -> list[tf.TensorSpec]:
    """Returns what a style takes beside images, where there is a choice.

    Args:
        style: What `read_style` returned.
        batch: B, if it is known.
        dtype: Of `style_image`.
        is_seen: Whether it takes what was seen in paintings, not these.

    Returns:
        Nothing for a style alone. Of one with conditions `style_weights`
        `(B, number of styles)`, whose sum counts as 1; of one with a predictor
        `style_image`, RGB `(1 or B, h, w, 3)` in [0, 255], or `seen`, as
        `Predictor.predict` returns it, `(1 or B, outputs + 1)`. Behind it `strength`
        `(B,)`, 0 to 1, float32.
    """
    if style.conditions is not None:
        shape = (batch, len(style.conditions.names))
        choice = tf.TensorSpec(shape, tf.float32, name="style_weights")
    elif style.predictor is not None and is_seen:
        shape = (None, len(style.predictor.bias) + 1)
        choice = tf.TensorSpec(shape, tf.float32, name="seen")
    elif style.predictor is not None:
        choice = tf.TensorSpec((None, None, None, 3), dtype, name="style_image")
    else:
        return []
    return [choice, tf.TensorSpec((batch,), tf.float32, name="strength")]


def choose_rows(style: TrainedStyle, choice, strength):
    """Returns how much of each row of the tables an image gets.

    Args:
        style: With conditions or a predictor.
        choice: `style_weights`, `style_image` or `seen`, as in `make_choice_specs`.
        strength: `(B,)`.

    Returns:
        Tensor `(B, num_conditions)`.
    """
    if style.conditions is not None:
        total = tf.reduce_sum(choice, axis=1, keepdims=True)
        styles = choice / tf.maximum(total, _TINY)
    else:
        is_seen = choice.shape.rank == 2
        styles = choice if is_seen else predict(style.predictor, choice)
    knots = np.float32(_read_strengths(style))
    risen = (strength[:, None] - knots[:-1]) / np.diff(knots)
    risen = tf.clip_by_value(risen, 0.0, 1.0)
    one = tf.ones_like(strength)[:, None]
    lower = tf.concat((one, risen), 1)[:, :-1] - risen
    parts = tf.concat((lower, one), 1)
    rows = styles[:, :, None] * parts[:, None]  # A painting for all, or one for each.
    return tf.reshape(rows, (-1, style.architecture.num_conditions))


def blend(style: TrainedStyle, images, stylized, strength):
    """Blends with the photo below the least strength that was trained in."""
    share = tf.minimum(strength / _read_strengths(style)[0], 1.0)
    return images + share[:, None, None, None] * (stylized - images)


def _read_strengths(style):
    return (style.conditions or style.predictor).strengths
