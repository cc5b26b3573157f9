"""Generators to `.keras` files and back."""

import dataclasses
import io
import json
import os
import pathlib
import shutil
import tempfile
import zipfile

import h5py
import keras

from fast_style.io.files import replacing
from fast_style.models.architectures import Architecture
from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.generator import build_generator

_UNREADABLE = (
    AttributeError,
    KeyError,
    OSError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
)
# In a `.keras` file, so that it can be read when the names mean other numbers.
_ARCHITECTURE_FILE = "architecture.json"


def save_generator(
    generator: keras.Model,
    path: str | os.PathLike,
    *,
    weights_dtype: str = "float32",
) -> None:
    """Writes a `.keras` file under a temporary name and then renames it.

    Args:
        generator: Any generator; the file always computes in float32, also
            when the training did not.
        path: Where to, ending in `.keras`.
        weights_dtype: `"float16"` halves the file. Loading turns the weights
            into float32 again; they keep 3 decimal digits.
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
    weights = io.BytesIO(members["model.weights.h5"])
    cast_weights = io.BytesIO()
    with h5py.File(weights) as source, h5py.File(cast_weights, "w") as target:

        def copy(name, item):
            if isinstance(item, h5py.Group):
                target.require_group(name).attrs.update(item.attrs)
            else:
                target.create_dataset(name, data=item[()].astype(dtype))

        source.visititems(copy)
        target.attrs.update(source.attrs)
    members["model.weights.h5"] = cast_weights.getvalue()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def load_generator(path: str | os.PathLike) -> keras.Model:
    """Reads a trained generator.

    Args:
        path: A `.keras` file that `save_generator` wrote.

    Returns:
        A model from images `(B, H, W, 3)`, RGB in [0, 255], to stylized
        images of the same shape and range.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is no `.keras` file of a generator.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"No such file: path={os.fspath(path)!r}")
    try:
        with zipfile.ZipFile(path) as archive:
            name = json.loads(archive.read("config.json"))["config"]["name"]
            architecture = _read_architecture(archive, name)
        # Built by our own code: what Keras writes about its layers changes from
        # version to version, and an older one cannot read the newer.
        generator = build_generator(name, architecture=architecture)
        generator.load_weights(path)
    except _UNREADABLE as error:
        raise ValueError(
            "Expected a `.keras` file with a generator of fast_style. "
            f"Received: {os.fspath(path)!r} ({error})."
        ) from error
    return generator


def _read_architecture(archive, name):
    if _ARCHITECTURE_FILE not in archive.namelist():
        # Written before the file told, when no generator had either.
        plain = {"has_skip": False, "noise_channels": 0}
        return dataclasses.replace(ARCHITECTURES[name], **plain)
    fields = json.loads(archive.read(_ARCHITECTURE_FILE))
    if "begins_empty" in fields:  # As it was called at first.
        fields["zero_init_residual"] = fields.pop("begins_empty")
    return Architecture(**{key: _to_tuples(value) for key, value in fields.items()})


def _to_tuples(value):
    return tuple(map(_to_tuples, value)) if isinstance(value, list) else value
