"""Begins a training of any style with the styles that a file has learned by name."""

import pathlib

import numpy as np

from fast_style.config.train_config import TrainConfig
from fast_style.data.style_crops import load_painting_crop
from fast_style.models.architectures import list_weight_shapes
from fast_style.models.catalog import find_style
from fast_style.models.predictor import NUM_SEEN
from fast_style.models.style_files import read_style
from fast_style.training.initialization import list_rows
from fast_style.training.painting_statistics import measure_paintings
from fast_style.training.style_images import list_paintings
from fast_style.training.style_images import list_strengths

_NUM_CROPS = 16
_NO_DIFFERENCE = 1e-5  # Of the largest one.


def take_known_styles(config: TrainConfig, generator, predictor, network) -> None:
    """Lets what looks at paintings see in known ones the numbers that they have.

    The rows of the tables, beside the first, become the principal components of what
    the styles differ in from their mean, and the predictor is fitted to the paintings.
    Does nothing if `init_from` has no two styles with the names of pictures.

    Args:
        config: The training's config.
        generator: Of any style, with the mean of the styles for its first row.
        predictor: A `StylePredictor`, adapted.
        network: SqueezeNet, as `measure_paintings` takes it.
    """
    source = read_style(find_style(config.init_from))
    names = source.conditions.names if source.conditions else ()
    paths = {pathlib.Path(path).stem: path for path in list_paintings(config)}
    paths = {name: paths[name] for name in names if name in paths}
    if len(paths) < 2:
        return
    rows, seen = find_components(source, list(paths), list_strengths(config))
    set_rows(generator, rows)
    statistics = [
        measure_paintings(network, _cut(path, config)) for path in paths.values()
    ]
    predictor.fit(np.concatenate(statistics), np.repeat(seen, _NUM_CROPS, axis=0))


def find_components(source, names, strengths):
    """Finds the principal components of what styles differ in at strength 1.

    Args:
        source: A `TrainedStyle` with conditions.
        names: Of some of its styles.
        strengths: Of the rows, the last one 1.

    Returns:
        Dict from the names of tables to `(1 + num_components, num_strengths, filters)`,
        of which the first is the mean of all styles of `source`; and how much of each
        component a style has, `(num_styles, num_components)`, of variance 1. The mean
        and their products are the styles, unless they have more components than a
        predictor has outputs.
    """
    known = source.conditions
    mean = list_rows(known, dict.fromkeys(known.names, 1.0), strengths)
    shares = [list_rows(known, {name: 1.0}, strengths) for name in names] - mean
    tables = {k: v for k, v in source.weights.items() if k.endswith(("gamma", "beta"))}
    whole = np.concatenate([shares[:, -1] @ v for v in tables.values()], axis=1)
    left, sizes, _ = np.linalg.svd(whole, full_matrices=False)
    is_there = sizes[: NUM_SEEN - 1] > _NO_DIFFERENCE * sizes[0]
    seen = left[:, : NUM_SEEN - 1][:, is_there] * np.sqrt(len(names))
    components = np.tensordot(seen.T / len(names), shares, axes=1)
    shares = np.concatenate([mean[None], components])
    return {k: shares @ v for k, v in tables.items()}, seen


def set_rows(generator, rows: dict[str, np.ndarray]) -> None:
    """Puts components into the tables of a generator of any style; the others are 0.

    Args:
        generator: The generator.
        rows: As `find_components` returned them.
    """
    names = list_weight_shapes(generator.architecture)
    for name, variable in zip(names, generator.weights, strict=True):
        if name in rows:
            table = np.zeros(variable.shape, "float32")
            flat = rows[name].reshape(-1, table.shape[1])
            table[: len(flat)] = flat
            variable.assign(table)


def _cut(path, config):
    crops = [
        load_painting_crop(
            path,
            np.random.default_rng((config.seed, number)),
            size=config.image_size,
            painting_size=config.style_image_size,
        )
        for number in range(_NUM_CROPS)
    ]
    return np.stack(crops)
