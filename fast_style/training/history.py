"""Reads the values that are logged every so many steps."""

from keras import ops

from fast_style.losses.terms import TERMS

COLUMNS = ("step", "loss", *TERMS, "learning_rate", "gradient_norm")


def read_step(trainer, step: int, num_steps: int) -> dict[str, float]:
    """Returns the values that are logged after a step.

    Args:
        trainer: A `StyleTrainer`.
        step: Number of steps done.
        num_steps: Number of last steps over which losses are averaged.

    Returns:
        Dict with the keys `COLUMNS`.
    """
    recent = ops.convert_to_numpy(trainer.recent_terms)[-num_steps:]
    terms = dict(zip(TERMS, recent.mean(axis=0, dtype="float64").tolist(), strict=True))
    optimizer = trainer.optimizer
    rate = ops.convert_to_numpy(optimizer.scale_rate(optimizer.learning_rate))
    return {
        "step": step,
        "loss": sum(terms.values()),
        **terms,
        "learning_rate": float(rate),
        "gradient_norm": float(ops.convert_to_numpy(optimizer.gradient_norm)),
    }
