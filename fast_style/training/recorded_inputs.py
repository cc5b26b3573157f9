"""What a training was begun with: what its files and folders held, not their names.

A folder that is written otherwise or has been moved is the same; another painting under
the same name is not.
"""

import hashlib
import json
import os
import pathlib

from fast_style.config.train_config import TrainConfig
from fast_style.data.photos import list_images
from fast_style.io.files import replacing
from fast_style.losses.networks.registry import NETWORKS
from fast_style.models.catalog import find_style
from fast_style.training.style_images import list_paintings

INPUTS_FILE = "inputs.json"
_NUM_BYTES = 2**20  # That are read at a time.


def save_inputs(workdir: pathlib.Path, config: TrainConfig) -> None:
    """Writes what the paths of a config stand for now into a workdir."""
    with replacing(workdir / INPUTS_FILE) as temporary:
        temporary.write_text(json.dumps(describe_inputs(config), indent=2))


def read_inputs(workdir: pathlib.Path) -> dict:
    """Reads what `save_inputs` wrote; empty if there is no such file.

    Raises:
        ValueError: If the file is damaged.
    """
    path = workdir / INPUTS_FILE
    if not path.is_file():
        return {}
    try:
        inputs = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{os.fspath(path)!r} is damaged: {error}") from None
    if not isinstance(inputs, dict):
        raise ValueError(f"{os.fspath(path)!r} is damaged: it must hold an object.")
    return inputs


def describe_inputs(config: TrainConfig) -> dict[str, str | list | None]:
    """Returns digests of all that the paths of a config stand for.

    Args:
        config: The training's config.

    Returns:
        Dict from a field, such as `"train_images"` or `"terms.a.network_weights"`, to a
        digest of a file, or of the names and sizes of the pictures in a folder;
        for `style_images` to a list of pairs of name and digest. None: there is nothing
        at that path. Fields without a path are left out.
    """
    names = ("style_image", "train_images", "coco_annotations", "sample_images")
    inputs = {name: _digest(getattr(config, name)) for name in names}
    if config.style_images:
        inputs["style_images"] = [
            [pathlib.Path(path).name, _digest(path)] for path in list_paintings(config)
        ]
    if config.init_from:
        try:
            inputs["init_from"] = _digest(find_style(config.init_from))
        except FileNotFoundError:
            inputs["init_from"] = None
    for name, term in config.terms.items():
        if term.network_weights not in NETWORKS[term.network].weights:
            key = f"terms.{name}.network_weights"
            inputs[key] = _digest(term.network_weights)
    return {name: value for name, value in inputs.items() if value != ""}


def _digest(path):
    if not os.fspath(path):
        return ""
    path = pathlib.Path(path)
    digest = hashlib.sha256()
    if path.is_dir():
        for file in list_images(path)[0]:
            size = os.path.getsize(file) if os.path.isfile(file) else None
            line = f"{os.path.relpath(file, path)}\0{size}\n"
            digest.update(line.encode("utf-8", "surrogateescape"))
    elif path.is_file():
        with open(path, "rb") as file:
            while data := file.read(_NUM_BYTES):
                digest.update(data)
    else:
        return None
    return digest.hexdigest()


def is_same_input(name: str, old, new, recorded: dict, found: dict) -> bool:
    """Returns whether a field stands for the same as when the training began.

    Args:
        name: Name of the field.
        old: Its value then.
        new: Its value now.
        recorded: What `read_inputs` returned.
        found: What `describe_inputs` returns for the present config.
    """
    is_same_place = _resolve(old) == _resolve(new)
    if name == "train_images" and is_same_place:
        return True  # The scan warns if photos have come or gone.
    if recorded.get(name) is None or found.get(name) is None:
        return is_same_place  # What is missing is told by who reads it.
    return recorded[name] == found[name]


def _resolve(value):
    if isinstance(value, list | tuple):
        return [_resolve(each) for each in value]
    return os.path.realpath(value) if value else value
