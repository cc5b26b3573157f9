"""What a style was trained with, as far as it is known: config, loss and painting."""

import dataclasses
import os
import pathlib

import numpy as np

from fast_style.config.fields import suggest
from fast_style.config.loss_config import LossConfig
from fast_style.config.renames import rename
from fast_style.config.renames import warn_of_renames
from fast_style.config.serialization import from_json
from fast_style.config.term_overrides import merge_terms
from fast_style.config.train_config import TrainConfig
from fast_style.io.images import load_resized
from fast_style.models.catalog import find_config
from fast_style.training.style_images import list_style_images


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


def make_loss_config(
    config: TrainConfig | None, options: dict, *, stacklevel: int = 4
) -> LossConfig:
    """Returns the loss of a training, with some fields replaced.

    Args:
        config: The training's; None: the defaults.
        options: Dict from fields of `LossConfig`, or of single terms, to values; may
            have old names.
        stacklevel: Of the warnings of old names.

    Raises:
        TypeError: If a field does not exist or has another type.
        ValueError: If a value is impossible.
    """
    base = config or LossConfig()
    options, notes = rename(options, base.terms)
    warn_of_renames(notes, stacklevel=stacklevel)
    options = merge_terms(options, base.terms)
    names = [field.name for field in dataclasses.fields(LossConfig)]
    for name in options.keys() - set(names):
        raise TypeError(f"`evaluate` has no option {name!r}.{suggest(name, names)}")
    known = {name: getattr(base, name) for name in names}
    return LossConfig(**{**known, **options})


def choose_names(stylizer, name: str | None) -> tuple:
    """Returns the names of the styles that are measured.

    Args:
        stylizer: A `Stylizer`.
        name: Of one of its styles; None: all.

    Returns:
        Names; `(None,)` for a file of one style.

    Raises:
        ValueError: If there is no such style.
    """
    if name is not None and name not in stylizer.names:
        expected = ", ".join(stylizer.names) or "None, as the file has one style"
        raise ValueError(f"`name` must be {expected}. Received: name={name!r}")
    return (name,) if name else stylizer.names or (None,)


def load_painting(
    config: TrainConfig | None,
    style_image=None,
    size: int | None = None,
    *,
    name: str | None = None,
) -> np.ndarray:
    """Loads the painting that a style was trained on.

    Args:
        config: The training's; None if it is not known.
        style_image: The painting; None: the one that the config names.
        size: Longer side that it is scaled to; None: as in the training.
        name: Of the style, where the training had several.

    Returns:
        RGB `(H, W, 3)`, float32 in [0, 255].

    Raises:
        ValueError: If nothing names the painting.
        FileNotFoundError: If it does not exist.
    """
    if size is None:
        size = (config or TrainConfig).style_image_size
    if style_image is None and config is None:
        raise ValueError(
            "`style_image` must name the painting, as this style says nothing of how "
            "it was trained. Received: style_image=None"
        )
    if style_image is None:
        style_image = _find_painting(config, name)
    return load_resized(style_image, size)


def _find_painting(config, name):
    missing = config.style_image or ", ".join(map(repr, config.style_images))
    try:
        found = list_style_images(config)
    except FileNotFoundError:
        found = {}
    path = next(iter(found.values()), "") if name is None else found.get(name, "")
    if not pathlib.Path(path).is_file():
        raise FileNotFoundError(
            f"The painting that this style was trained on, {missing!r}, is not in "
            f"{os.getcwd()!r}. Name it with `style_image`."
        )
    return path
