"""What a style was trained with, as far as it is known: config, loss and painting."""

import dataclasses
import os

from fast_style.config.fields import suggest
from fast_style.config.loss_config import LossConfig
from fast_style.config.serialization import from_json
from fast_style.config.term_overrides import merge_terms
from fast_style.config.train_config import TrainConfig
from fast_style.models.catalog import find_config


def load_train_config(style) -> TrainConfig | None:
    """Loads the config that a style was trained with.

    Args:
        style: As in `load_style`.

    Returns:
        None if nothing says how it was trained.

    Raises:
        FileNotFoundError: If there is no such style.
    """
    if not isinstance(style, str | os.PathLike):
        return None
    path = find_config(style)
    return from_json(path.read_text(encoding="utf-8")) if path else None


def make_loss_config(config: TrainConfig | None, options: dict) -> LossConfig:
    """Returns the loss of a training, with some fields replaced.

    Args:
        config: The training's; None: the defaults.
        options: Dict from fields of `LossConfig`, or of single terms, to values.

    Raises:
        TypeError: If a field does not exist or has another type.
        ValueError: If a value is impossible.
    """
    base = config or LossConfig()
    options = merge_terms(options, base.terms)
    names = [field.name for field in dataclasses.fields(LossConfig)]
    for name in options.keys() - set(names):
        raise TypeError(f"`evaluate` has no option {name!r}.{suggest(name, names)}")
    known = {name: getattr(base, name) for name in names}
    return LossConfig(**{**known, **options})
