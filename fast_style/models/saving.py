"""Saves generators as `.keras` files, and loads them."""

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
import numpy as np

from fast_style.io.files import expand_home
from fast_style.io.files import replacing
from fast_style.models.condition_files import CONDITIONS_FILE
from fast_style.models.condition_files import PREDICTOR_FILE
from fast_style.models.generator import build_generator
from fast_style.models.style_files import ARCHITECTURE_FILE
from fast_style.models.style_files import read_style
from fast_style.models.style_files import THUMBNAIL_FILE
from fast_style.models.style_files import to_trained_style
from fast_style.models.style_files import TrainedStyle
from fast_style.models.style_files import WEIGHTS_FILE


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
    path = pathlib.Path(expand_home(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = build_generator(generator.name, architecture=generator.architecture)
    plain.set_weights(generator.get_weights())
    # Keras insists on the suffix, which the name that `replacing` gives does not have.
    with tempfile.TemporaryDirectory() as folder, replacing(path) as target:
        temporary = pathlib.Path(folder) / "style.keras"
        plain.save(temporary)
        with zipfile.ZipFile(temporary, "a") as archive:
            fields = dataclasses.asdict(generator.architecture)
            archive.writestr(ARCHITECTURE_FILE, json.dumps(fields))
            _write_conditions(archive, generator)
            _write_predictor(archive, generator, weights_dtype)
        if weights_dtype != "float32":
            _cast_saved_weights(temporary, weights_dtype)
        shutil.copyfile(temporary, target)


def _write_conditions(archive, generator):
    conditions = getattr(generator, "conditions", None)
    if conditions is None:
        return
    archive.writestr(CONDITIONS_FILE, json.dumps(dataclasses.asdict(conditions)))
    thumbnails = getattr(generator, "thumbnails", {})
    for i, name in enumerate(conditions.names):
        if name in thumbnails:
            archive.writestr(THUMBNAIL_FILE.format(i), thumbnails[name])


def _write_predictor(archive, generator, dtype):
    predictor = to_trained_style(generator).predictor
    if predictor is None:
        return
    names = ("strengths", "painting_size")
    fields = {name: getattr(predictor, name) for name in names}
    archive.writestr(CONDITIONS_FILE, json.dumps(fields))
    stream = io.BytesIO()
    np.savez(stream, **{k: v.astype(dtype) for k, v in predictor.to_arrays().items()})
    archive.writestr(PREDICTOR_FILE, stream.getvalue())


def _cast_saved_weights(path, dtype):
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    weights = io.BytesIO(members[WEIGHTS_FILE])
    cast_weights = io.BytesIO()
    with h5py.File(weights) as source, h5py.File(cast_weights, "w") as target:

        def copy(name, item):
            if isinstance(item, h5py.Group):
                target.require_group(name).attrs.update(item.attrs)
            else:
                target.create_dataset(name, data=item[()].astype(dtype))

        source.visititems(copy)
        target.attrs.update(source.attrs)
    members[WEIGHTS_FILE] = cast_weights.getvalue()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def load_generator(path: str | os.PathLike, *, dtype: str = "float32") -> keras.Model:
    """Loads a trained generator.

    Args:
        path: A `.keras` file that `save_generator` wrote.
        dtype: Keras dtype policy; its weights are float32 with each of them.

    Returns:
        A model from images `(B, H, W, 3)`, RGB in [0, 255], to stylized
        images of the same shape and range.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is damaged, or not a `.keras` file of a generator.
    """
    style = read_style(path)
    try:
        return to_generator(style, dtype=dtype)
    except (KeyError, TypeError, ValueError) as error:  # Numbers that fit no network.
        raise ValueError(
            f"No generator can be built of {os.fspath(path)!r}: {error}"
        ) from error


def to_generator(style: TrainedStyle, *, dtype: str = "float32") -> keras.Model:
    """Builds the generator that the numbers of a style are of.

    By our own code: what Keras writes about its layers changes from version to version,
    and an older one cannot read the newer.

    Args:
        style: What `read_style` or `fold` returned.
        dtype: As in `load_generator`.
    """
    generator = build_generator(
        style.name, dtype=dtype, architecture=style.architecture
    )
    generator.set_weights(list(style.weights.values()))
    generator.conditions = style.conditions
    if style.predictor is not None:
        generator.make_predictor = lambda: style.predictor
    return generator
