"""Saves generators as `.keras` files, and loads them."""

import dataclasses
import io
import json
import math
import os
import pathlib
import shutil
import tempfile
import zipfile

import h5py
import keras
import numpy as np

from fast_style.io.files import replacing
from fast_style.io.stored_arrays import list_shapes
from fast_style.models.architectures import Architecture
from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.architectures import list_kernel_shapes
from fast_style.models.generator import build_generator

# In a `.keras` file, so that a file can be read when its name stands for other numbers.
_ARCHITECTURE_FILE = "architecture.json"
_WEIGHTS_FILE = "model.weights.h5"
# Far above any generator's; a file with more is damaged, or a trap.
_LARGEST_NUMBER = 4096
_LARGEST_TEXT = 2**24
_LARGEST_EXPANSION = 100  # By a zip archive; what Keras allows, too.


def save_generator(
    generator: keras.Model,
    path: str | os.PathLike,
    *,
    weights_dtype: str = "float32",
) -> None:
    """Saves a generator as a `.keras` file.

    It is written under a temporary name and then renamed, so that an older file stays
    if this fails.

    Args:
        generator: What `build_generator` or `load_generator` returned. The file
            always computes in float32, also when the training did not.
        path: Of the file, ending in `.keras`; its folder is made if there is none.
        weights_dtype: `"float16"` halves the file. Loading casts the weights
            to float32 again; they keep 3 decimal digits.

    Raises:
        OSError: If the file cannot be written.
    """
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = build_generator(generator.name, architecture=generator.architecture)
    plain.set_weights(generator.get_weights())
    # Keras insists on the suffix, which the name that `replacing` gives does not have.
    with tempfile.TemporaryDirectory() as folder, replacing(path) as target:
        temporary = pathlib.Path(folder) / "style.keras"
        plain.save(temporary)
        with zipfile.ZipFile(temporary, "a") as archive:
            fields = dataclasses.asdict(generator.architecture)
            archive.writestr(_ARCHITECTURE_FILE, json.dumps(fields))
        if weights_dtype != "float32":
            _cast_saved_weights(temporary, weights_dtype)
        shutil.copyfile(temporary, target)


def _cast_saved_weights(path, dtype):
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    weights = io.BytesIO(members[_WEIGHTS_FILE])
    cast_weights = io.BytesIO()
    with h5py.File(weights) as source, h5py.File(cast_weights, "w") as target:

        def copy(name, item):
            if isinstance(item, h5py.Group):
                target.require_group(name).attrs.update(item.attrs)
            else:
                target.create_dataset(name, data=item[()].astype(dtype))

        source.visititems(copy)
        target.attrs.update(source.attrs)
    members[_WEIGHTS_FILE] = cast_weights.getvalue()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def load_generator(path: str | os.PathLike) -> keras.Model:
    """Loads a trained generator.

    Args:
        path: A `.keras` file that `save_generator` wrote.

    Returns:
        A model from images `(B, H, W, 3)`, RGB in [0, 255], to stylized
        images of the same shape and range.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is damaged, or not a `.keras` file of a generator.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"No such file: path={os.fspath(path)!r}")
    try:
        name, architecture, shapes = _read_headers(path)
    # Which exception a parser raises depends on the byte that is wrong.
    except Exception as error:
        raise _make_error(path, error) from error
    try:
        # Built by our own code: what Keras writes about its layers changes from
        # version to version, and an older one cannot read the newer.
        generator = build_generator(name, architecture=architecture)
        if sorted(shapes) != sorted(tuple(v.shape) for v in generator.variables):
            raise ValueError("its weights are not those of its architecture")
        generator.load_weights(path)
        if not all(np.isfinite(weights).all() for weights in generator.get_weights()):
            raise ValueError("its weights are not all finite; it would paint black")
    except (KeyError, OSError, TypeError, ValueError) as error:
        raise _make_error(path, error) from error
    return generator


def _make_error(path, error):
    return ValueError(
        "Expected a `.keras` file with a generator of fast_style. "
        f"Received: {os.fspath(path)!r} ({type(error).__name__}: {error})."
    )


def _read_headers(path):
    with zipfile.ZipFile(path) as archive:
        config = json.loads(_read_member(archive, "config.json", _LARGEST_TEXT))
        name = config["config"]["name"]
        architecture = _read_architecture(archive, name)
        weights = _read_member(archive, _WEIGHTS_FILE)
    shapes = list(list_shapes(io.BytesIO(weights), ".h5").values())
    # Before the network is built: what is declared may be more than memory holds.
    if 2 * sum(map(math.prod, shapes)) > len(weights):
        raise ValueError("it declares more weights than it has bytes for")
    kernels = [shape for shape in shapes if len(shape) == 4]
    if sorted(kernels) != sorted(list_kernel_shapes(architecture)):
        raise ValueError("its convolutions are not those of its architecture")
    return name, architecture, shapes


def _read_member(archive, name, largest=None):
    info = archive.getinfo(name)
    largest = largest or _LARGEST_TEXT + _LARGEST_EXPANSION * info.compress_size
    if info.file_size > largest:
        raise ValueError(f"{name} declares {info.file_size} bytes")
    return archive.read(info)


def _read_architecture(archive, name):
    if _ARCHITECTURE_FILE not in archive.namelist():
        # From before this file was written, when no generator had either.
        plain = {"has_skip": False, "noise_channels": 0}
        return dataclasses.replace(ARCHITECTURES[name], **plain)
    fields = json.loads(_read_member(archive, _ARCHITECTURE_FILE, _LARGEST_TEXT))
    if "begins_empty" in fields:  # Its first name.
        fields["zero_init_residual"] = fields.pop("begins_empty")
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
        raise ValueError(f"{value} in {_ARCHITECTURE_FILE}")
