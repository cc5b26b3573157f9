"""What a generator is told, as a `.keras` file has it."""

import io
import json
import math

import numpy as np

from fast_style.io.stored_arrays import list_shapes
from fast_style.io.stored_arrays import read_arrays
from fast_style.models.archive_members import LARGEST_TEXT
from fast_style.models.archive_members import read_member
from fast_style.models.conditions import Conditions
from fast_style.models.conditions import is_name
from fast_style.models.predictor import list_predictor_shapes
from fast_style.models.predictor import Predictor

CONDITIONS_FILE = "conditions.json"
PREDICTOR_FILE = "predictor.npz"


def read_conditions(archive, architecture) -> Conditions | None:
    """Reads which styles and strengths a generator has.

    Args:
        archive: A `.keras` file.
        architecture: Of its generator.

    Returns:
        None if there is nothing to choose, or it is a painting.

    Raises:
        ValueError: If they do not fit the generator.
    """
    if not architecture.num_conditions or PREDICTOR_FILE in archive.namelist():
        return None
    fields = json.loads(read_member(archive, CONDITIONS_FILE, LARGEST_TEXT))
    names, strengths = fields["names"], fields["strengths"]
    # Reports have a folder for each.
    if not all(isinstance(name, str) and is_name(name) for name in names):
        raise ValueError(f"{CONDITIONS_FILE} has names that are none of files")
    conditions = Conditions(names=tuple(names), strengths=tuple(map(float, strengths)))
    if conditions.num_rows != architecture.num_conditions:
        raise ValueError(
            f"{CONDITIONS_FILE} has {conditions.num_rows} rows, and the generator "
            f"{architecture.num_conditions}"
        )
    return conditions


def read_predictor(archive, architecture) -> Predictor | None:
    """Reads what looks at paintings.

    Args:
        archive: A `.keras` file.
        architecture: Of its generator.

    Returns:
        None if the generator does not paint like any picture.

    Raises:
        ValueError: If it is damaged, or does not fit the generator.
    """
    if PREDICTOR_FILE not in archive.namelist():
        return None
    fields = json.loads(read_member(archive, CONDITIONS_FILE, LARGEST_TEXT))
    data = read_member(archive, PREDICTOR_FILE)
    file = io.BytesIO(data)
    shapes = list_shapes(file, ".npz")
    if 2 * sum(map(math.prod, shapes.values())) > len(data):
        raise ValueError(f"{PREDICTOR_FILE} declares more than it has bytes for")
    num_hidden, num_outputs = shapes.get("kernel", (0, 0))
    if shapes != list_predictor_shapes(num_hidden, num_outputs):
        raise ValueError(f"{PREDICTOR_FILE} has {shapes}")
    arrays = read_arrays(file, ".npz", shapes)
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise ValueError(f"{PREDICTOR_FILE} has numbers that are not finite")
    predictor = Predictor(
        **arrays,
        strengths=tuple(map(float, fields["strengths"])),
        painting_size=int(fields["painting_size"]),
    )
    if predictor.num_rows != architecture.num_conditions:
        raise ValueError(
            f"{PREDICTOR_FILE} is for {predictor.num_rows} rows, and the generator has "
            f"{architecture.num_conditions}"
        )
    return predictor
