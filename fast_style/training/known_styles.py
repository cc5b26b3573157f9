"""Begins a training of any style with the styles that a file has learned by name."""

import pathlib

from keras import ops
import numpy as np

from fast_style.config.train_config import TrainConfig
from fast_style.data.style_crops import load_painting_crop
from fast_style.models.architectures import list_weight_shapes
from fast_style.models.catalog import find_style
from fast_style.models.predictor import NUM_SEEN
from fast_style.models.style_files import read_style
from fast_style.training.painting_statistics import measure_paintings
from fast_style.training.style_images import list_paintings

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
    rows, seen = find_components(source, list(paths))
    set_rows(generator, rows)
    statistics = [
        measure_paintings(network, _cut(path, config)) for path in paths.values()
    ]
    predictor.fit(np.concatenate(statistics), np.repeat(seen, _NUM_CROPS, axis=0))


def find_components(source, names) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Finds the principal components of what styles differ in.

    Args:
        source: A `TrainedStyle` with conditions.
        names: Of some of its styles.

    Returns:
        Dict from the names of tables to `(num_components, filters)`; and for each style
        how much of each it has, `(num_styles, num_components)`, of variance 1. With the
        mean of all styles of `source` their products are the styles, unless they have
        more components than a predictor has outputs.
    """
    conditions = source.conditions
    mean = conditions.mix(dict.fromkeys(conditions.names, 1.0))
    shares = np.stack([conditions.mix({name: 1.0}) for name in names]) - mean
    tables = {k: v for k, v in source.weights.items() if k.endswith(("gamma", "beta"))}
    differences = np.concatenate([shares @ v for v in tables.values()], axis=1)
    left, sizes, _ = np.linalg.svd(differences, full_matrices=False)
    is_there = sizes[: NUM_SEEN - 1] > _NO_DIFFERENCE * sizes[0]
    left = left[:, : NUM_SEEN - 1][:, is_there]
    scale = np.sqrt(len(names))
    rows = {k: left.T @ (shares @ v) / scale for k, v in tables.items()}
    return rows, left * scale


def set_rows(generator, rows: dict[str, np.ndarray]) -> None:
    """Puts components into the tables of a generator of any style.

    Args:
        generator: The generator.
        rows: As `find_components` returned them.
    """
    num_strengths = generator.architecture.num_conditions // NUM_SEEN
    names = list_weight_shapes(generator.architecture)
    for name, variable in zip(names, generator.weights, strict=True):
        if name in rows:
            table = np.array(ops.convert_to_numpy(variable))
            # Of each number that is seen the last row is that of strength 1.
            whole = table[num_strengths - 1 :: num_strengths]
            whole[1 : 1 + len(rows[name])] = rows[name]
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
