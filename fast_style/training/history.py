"""Reads the values that are logged every so many steps."""

from keras import ops

_AFTER = ("learning_rate", "gradient_norm")
NO_LOSSES = ("step", *_AFTER)


def list_columns(names) -> tuple[str, ...]:
    """Returns the columns of a history with some terms of the loss."""
    return ("step", "loss", *names, *_AFTER)


def read_step(trainer, step: int, num_steps: int) -> dict[str, float]:
    """Returns the values that are logged after a step.

    Args:
        trainer: A `StyleTrainer`.
        step: Number of steps done.
        num_steps: Number of last steps over which losses are averaged.

    Returns:
        Dict with the keys of `list_columns`.
    """
    recent = ops.convert_to_numpy(trainer.recent_terms)[-num_steps:]
    means = recent.mean(axis=0, dtype="float64").tolist()
    terms = dict(zip(trainer.names, means, strict=True))
    optimizer = trainer.optimizer
    rate = ops.convert_to_numpy(optimizer.scale_rate(optimizer.learning_rate))
    return {
        "step": step,
        "loss": sum(terms.values()),
        **terms,
        "learning_rate": float(rate),
        "gradient_norm": float(ops.convert_to_numpy(optimizer.gradient_norm)),
    }
