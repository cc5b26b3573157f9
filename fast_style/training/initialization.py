"""Begins a training with the weights of another style."""

import dataclasses

import numpy as np

from fast_style.models.architectures import ARBITRARY
from fast_style.models.architectures import Architecture
from fast_style.models.architectures import list_weight_shapes
from fast_style.models.catalog import find_style
from fast_style.models.predictor import NUM_SEEN
from fast_style.models.style_files import read_style


def copy_weights(style, generator) -> tuple[str, ...]:
    """Gives a generator the weights of a trained style.

    A generator with conditions takes a plain one's numbers for all its rows. From one
    with conditions it takes the rows of the styles that both have. If it has others
    too, only their rows are trained further, and they begin with the mean of those that
    are learned. A generator of any style gets the mean of the styles for its first row;
    from another of its kind it takes all, and what looks at paintings.

    Args:
        style: As in `find_style`.
        generator: Of the training; shared layers are frozen if rows are added.

    Returns:
        Names of the styles that stay as they are.

    Raises:
        FileNotFoundError: If there is no such style.
        ValueError: If it cannot be read, is of another generator, or has styles that
            this one does not have.
    """
    source = _read(style)
    _check_architecture(source, generator, style)
    _check_kind(source, generator, style)
    if source.predictor is not None:
        table = None
    elif generator.name == ARBITRARY:
        table = _make_first_row(source.conditions, generator.architecture)
    else:
        table = _make_table(source.conditions, generator.conditions, style)
    names = list_weight_shapes(generator.architecture)
    weights = [source.weights[name] for name in names]
    if table is not None:
        is_row = [name.endswith(("/gamma", "/beta")) for name in names]
        weights = [
            table @ np.atleast_2d(array) if is_table else array
            for array, is_table in zip(weights, is_row, strict=True)
        ]
    generator.set_weights(weights)
    if source.predictor is not None:
        generator.set_predictor(source.predictor)
    learned = source.conditions.names if source.conditions else ()
    if (
        generator.name == ARBITRARY
        or not learned
        or len(learned) == len(generator.conditions.names)
    ):
        return ()
    for layer in generator.layers:
        if layer.name.partition("_")[2].rstrip("0123456789") != "norm":
            layer.trainable = False
    return learned


def take_noise(style, architecture: Architecture) -> Architecture:
    """Returns an architecture with the noise of a trained style.

    Noise is no weight, but weights are of use with the noise that they were trained
    with alone.

    Args:
        style: As in `find_style`.
        architecture: Architecture of the training's generator.

    Raises:
        FileNotFoundError: If there is no such style.
        ValueError: If it cannot be read.
    """
    source = _read(style).architecture
    if source.noise_channels != architecture.noise_channels:
        return architecture  # Another generator, which is refused later.
    return dataclasses.replace(architecture, noise_blurs=source.noise_blurs)


def _read(style):
    try:
        return read_style(find_style(style))
    except (FileNotFoundError, ValueError) as error:
        raise type(error)(f"`init_from` cannot be read. {error}") from None


def _check_kind(source, generator, style):
    if source.predictor is None:
        return
    rows = source.architecture.num_conditions
    if generator.name != ARBITRARY or rows != generator.architecture.num_conditions:
        raise ValueError(
            "`init_from` paints like any picture, and can begin only a training with "
            f"generator={ARBITRARY!r}, and with `min_style_weight` if it was trained "
            f"with that. Received: init_from={style!r}"
        )


def _check_architecture(source, generator, style):
    plain = [
        dataclasses.replace(each.architecture, num_conditions=0)
        for each in (source, generator)
    ]
    if plain[0] != plain[1]:
        raise ValueError(
            f"`init_from` must be a style with the generator {generator.name!r}, in "
            f"its present form. Received: init_from={style!r}, which has "
            f"{source.name!r}, with {source.architecture}"
        )


def _make_first_row(known, architecture):
    """Begins with the mean of the styles, whatever a painting looks like."""
    num_rows = architecture.num_conditions
    mean = np.ones(1) if known is None else known.mix(dict.fromkeys(known.names, 1.0))
    table = np.zeros((num_rows, len(mean)), "float32")
    table[num_rows // NUM_SEEN - 1] = mean
    return table


def _make_table(known, wanted, style):
    """Returns the matrix from the rows of one generator to those of another."""
    if wanted is None and known is None:
        return None
    if wanted is None:
        raise ValueError(
            "`init_from` has several styles, and this training one. Name it with "
            f"`style_images`. Received: init_from={style!r}"
        )
    if known is None:
        return find_whole_rows(wanted)
    missing = set(known.names) - set(wanted.names)
    if missing or known.strengths != wanted.strengths:
        raise ValueError(
            f"`init_from` has the styles {', '.join(known.names)} at the strengths "
            f"{known.strengths}, which `style_images` must have too. Received: "
            f"{', '.join(wanted.names)} at {wanted.strengths}"
        )
    everyone = dict.fromkeys(known.names, 1.0)
    rows = []
    for name in wanted.names:
        styles = {name: 1.0} if name in known.names else everyone
        rows.append(list_rows(known, styles, wanted.strengths))
    return np.concatenate(rows)


def list_rows(known, styles: dict[str, float], strengths) -> np.ndarray:
    """Returns the rows that a mixture of styles has, as shares of those that they had.

    Args:
        known: `Conditions` of the styles.
        styles: As in `Conditions.mix`.
        strengths: Of the rows, the last one 1.

    Returns:
        `(num_strengths, num_rows)`: what is added at each strength, and last the whole.
    """
    whole = known.mix(styles)
    added = [known.mix(styles, each) - whole for each in strengths[:-1]]
    return np.stack([*added, whole])


def find_whole_rows(conditions) -> np.ndarray:
    """Returns which rows are those of strength 1, to which the others are added.

    Args:
        conditions: `Conditions`.

    Returns:
        float32 array `(num_rows, 1)`, 1 or 0.
    """
    is_last = np.zeros((len(conditions.names), len(conditions.strengths)), "float32")
    is_last[:, -1] = 1.0
    return is_last.reshape(-1, 1)
