"""Reads trained styles from `.keras` files, without Keras and TensorFlow.

So that a picture can be stylized by another engine before TensorFlow would even be
imported, and a damaged file is found before a network is built.
"""

import dataclasses
import io
import json
import math
import os
import pathlib
import re
import zipfile

import numpy as np

from fast_style.io.files import expand_home
from fast_style.io.stored_arrays import list_shapes
from fast_style.io.stored_arrays import read_arrays
from fast_style.models.architectures import Architecture
from fast_style.models.architectures import list_weight_shapes
from fast_style.models.archive_members import LARGEST_TEXT
from fast_style.models.archive_members import read_member
from fast_style.models.condition_files import read_conditions
from fast_style.models.condition_files import read_predictor
from fast_style.models.conditions import Conditions
from fast_style.models.predictor import Predictor

# In a `.keras` file, so that a file can be read when its name stands for other numbers.
ARCHITECTURE_FILE = "architecture.json"
THUMBNAIL_FILE = "thumbnails/{}.jpg"  # With the index of a style.
WEIGHTS_FILE = "model.weights.h5"
# Far above any generator's; a file with more is damaged, or a trap.
_LARGEST_NUMBER = 4096
_TABLES = ("/gamma", "/beta")


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrainedStyle:
    """A trained generator as numbers.

    Attributes:
        name: Of the generator.
        architecture: Its numbers.
        weights: Dict from the names in `list_weight_shapes` to float32 arrays, in the
            order of the layers.
        conditions: Its styles and strengths; None: it has one, and nothing to choose.
        predictor: What looks at a painting, if it paints like any.
    """

    name: str
    architecture: Architecture
    weights: dict[str, np.ndarray]
    conditions: Conditions | None = None
    predictor: Predictor | None = None


def to_trained_style(generator) -> TrainedStyle:
    """Returns the numbers of a generator that `build_generator` returned.

    Raises:
        ValueError: If it is another model.
    """
    architecture = getattr(generator, "architecture", None)
    if architecture is None:
        raise ValueError(
            "Expected a generator of `build_generator` or `load_generator`. "
            f"Received: {generator!r}"
        )
    make_predictor = getattr(generator, "make_predictor", None)
    names, arrays = list_weight_shapes(architecture), generator.get_weights()
    weights = dict(zip(names, arrays, strict=True))
    return TrainedStyle(
        name=generator.name,
        architecture=architecture,
        weights=weights,
        conditions=getattr(generator, "conditions", None),
        predictor=make_predictor() if make_predictor else None,
    )


def fold(style: TrainedStyle, shares: np.ndarray) -> TrainedStyle:
    """Makes the plain generator that a mixture of conditions is.

    Args:
        style: With conditions.
        shares: Of each row of its tables, `(num_conditions,)`, as `Conditions.mix`
            returns them.

    Returns:
        The same without conditions.
    """
    weights = {
        name: np.float32(shares) @ array if name.endswith(_TABLES) else array
        for name, array in style.weights.items()
    }
    return dataclasses.replace(
        style,
        architecture=dataclasses.replace(style.architecture, num_conditions=0),
        weights=weights,
        conditions=None,
        predictor=None,
    )


def read_style(path: str | os.PathLike) -> TrainedStyle:
    """Reads a `.keras` file that `save_generator` wrote.

    Args:
        path: Of the file.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is damaged, or not a `.keras` file of a generator.
    """
    path = pathlib.Path(expand_home(path))
    if not path.is_file():
        raise FileNotFoundError(f"No such file: path={os.fspath(path)!r}")
    try:
        with zipfile.ZipFile(path) as archive:
            return _read_archive(archive)
    # Which exception a parser raises depends on the byte that is wrong.
    except Exception as error:
        raise ValueError(
            "Expected a `.keras` file with a generator of fast_style. "
            f"Received: {os.fspath(path)!r} ({type(error).__name__}: {error})."
        ) from error


def read_thumbnails(path: str | os.PathLike) -> dict[str, bytes]:
    """Reads small pictures of the paintings that a style was trained on.

    Args:
        path: Of a `.keras` file.

    Returns:
        Dict from the names of its styles to JPEG files; those that it has.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is damaged, or not a `.keras` file of a generator.
    """
    path = expand_home(path)
    conditions = read_style(path).conditions
    with zipfile.ZipFile(path) as archive:
        members = set(archive.namelist())
        return {
            name: read_member(archive, THUMBNAIL_FILE.format(i), LARGEST_TEXT)
            for i, name in enumerate(conditions.names if conditions else ())
            if THUMBNAIL_FILE.format(i) in members
        }


def _read_archive(archive):
    config = json.loads(read_member(archive, "config.json", LARGEST_TEXT))
    name = str(config["config"]["name"])
    architecture = _read_architecture(archive)
    file = read_member(archive, WEIGHTS_FILE)
    shapes = list_shapes(io.BytesIO(file), ".h5")
    # Before an array is read: what is declared may be more than memory holds.
    if 2 * sum(map(math.prod, shapes.values())) > len(file):
        raise ValueError("it declares more weights than it has bytes for")
    expected = list_weight_shapes(architecture)
    places = dict(zip(expected, _list_places(expected), strict=True))
    if {places[name]: shape for name, shape in expected.items()} != shapes:
        raise ValueError("its weights are not those of its architecture")
    arrays = read_arrays(io.BytesIO(file), ".h5", shapes)
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise ValueError("its weights are not all finite; it would paint black")
    weights = {name: arrays[place] for name, place in places.items()}
    return TrainedStyle(
        name=name,
        architecture=architecture,
        weights=weights,
        conditions=read_conditions(archive, architecture),
        predictor=read_predictor(archive, architecture),
    )


def _list_places(names):
    """Returns where Keras puts weights: its classes are numbered, not named."""
    counts, places = {}, []
    for name in names:
        layer, weight = name.split("/")
        kind = "conv2d" if re.search(r"_conv\d*$", layer) else "instance_normalization"
        if weight in ("kernel", "gamma"):
            counts[kind] = counts.get(kind, -1) + 1
        number = f"_{counts[kind]}" if counts[kind] else ""
        index = 0 if weight in ("kernel", "gamma") else 1
        places.append(f"layers/{kind}{number}/vars/{index}")
    return places


def _read_architecture(archive):
    fields = json.loads(read_member(archive, ARCHITECTURE_FILE, LARGEST_TEXT))
    fields = {key: _to_tuples(value) for key, value in fields.items()}
    _check_numbers(fields)
    return Architecture(**fields)


def _to_tuples(value):
    return tuple(map(_to_tuples, value)) if isinstance(value, list) else value


def _check_numbers(value):
    if isinstance(value, dict | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            _check_numbers(item)
    elif not isinstance(value, str) and not 0 <= value <= _LARGEST_NUMBER:
        raise ValueError(f"{value} in {ARCHITECTURE_FILE}")
