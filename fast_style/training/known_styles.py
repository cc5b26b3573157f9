"""Begins a training of any style with the styles that a file has learned by name."""

import pathlib

from absl import logging
import numpy as np

from fast_style.config.train_config import TrainConfig
from fast_style.data.style_crops import cut_crop
from fast_style.data.style_crops import has_texture
from fast_style.io.images import load_image
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


def take_known_styles(config: TrainConfig, generator, predictor, network) -> bool:
    """Lets what looks at paintings see in known ones the numbers that they have.

    The first rows of the tables become the mean of all styles, and the next ones the
    principal components of what known ones differ in from it; the predictor is fitted
    to their paintings. Does nothing if fewer than two styles have a painting of their
    name.

    Args:
        config: The training's config.
        generator: Of any style, with the mean of the styles for its first row.
        predictor: A `StylePredictor`, adapted.
        network: SqueezeNet, as `measure_paintings` takes it.

    Returns:
        Whether there were such styles.
    """
    source = read_style(find_style(config.init_from))
    names = source.conditions.names if source.conditions else ()
    paths = {}
    for path in list_paintings(config):
        paths.setdefault(pathlib.Path(path).stem, path)
    crops = {name: _cut(paths[name], config) for name in names if name in paths}
    crops = {name: each for name, each in crops.items() if len(each)}
    if len(names) > 1:
        shown = ", ".join(crops) or "none"
        logging.info("Styles of init_from that pictures are named after: %s.", shown)
    if len(crops) < 2:
        return False
    rows, seen = find_components(source, list(crops), list_strengths(config))
    set_rows(generator, rows)
    statistics = [measure_paintings(network, each) for each in crops.values()]
    counts = [len(each) for each in crops.values()]
    predictor.fit(np.concatenate(statistics), np.repeat(seen, counts, axis=0))
    return True


def find_components(source, names, strengths):
    """Finds the principal components of what styles differ in at strength 1.

    Args:
        source: A `TrainedStyle` with conditions.
        names: Of some of its styles.
        strengths: Of the rows, the last one 1.

    Returns:
        Dict from the names of tables to `(1 + num_components, num_strengths, filters)`,
        of which the first is the mean of all styles of `source`; and how much of each
        component a style has, `(num_styles, num_components)`, of mean square 1. Mean
        and products are the styles, unless they have more components than a predictor
        has outputs.
    """
    known = source.conditions
    mean = list_rows(known, dict.fromkeys(known.names, 1.0), strengths)
    shares = [list_rows(known, {name: 1.0}, strengths) for name in names] - mean
    tables = {k: v for k, v in source.weights.items() if k.endswith(("gamma", "beta"))}
    whole = np.concatenate([shares[:, -1] @ v for v in tables.values()], axis=1)
    left, sizes, _ = np.linalg.svd(whole, full_matrices=False)
    is_there = sizes[: NUM_SEEN - 1] > _NO_DIFFERENCE * sizes[0]
    seen = left[:, : NUM_SEEN - 1][:, is_there] * np.sqrt(len(names))
    # Of a component either sign will do; another machine must find the same one.
    seen *= np.sign(seen[np.abs(seen).argmax(axis=0), np.arange(seen.shape[1])])
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
    """Returns crops of a painting, `(N, size, size, 3)`; none if it cannot be read."""
    try:
        painting = load_image(path)
    except (OSError, ValueError) as error:
        logging.warning("Picture %s is left out: %s", path, error)
        return ()
    size, painting_size = config.image_size, config.style_image_size
    rngs = [np.random.default_rng((config.seed, i)) for i in range(_NUM_CROPS)]
    crops = [cut_crop(painting, rng, size, painting_size) for rng in rngs]
    crops = [crop for crop in crops if has_texture(crop)]
    return np.stack(crops) if crops else ()
