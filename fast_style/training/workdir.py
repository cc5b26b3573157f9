"""The folder of a training: its lock, its config, and the files in it."""

import contextlib
import json
import os
import pathlib
import shutil

from absl import logging

from fast_style.config.serialization import read_fields
from fast_style.config.serialization import to_json
from fast_style.config.train_config import TrainConfig
from fast_style.io.files import remove_temporaries
from fast_style.io.files import replacing
from fast_style.io.locks import is_held
from fast_style.io.locks import LockHeldError
from fast_style.io.locks import locking
from fast_style.models.catalog import STYLE_FILE
from fast_style.training.checkpoints import list_checkpoints
from fast_style.training.recorded_inputs import INPUTS_FILE
from fast_style.training.recorded_inputs import save_inputs

CONFIG_FILE = "config.json"
CHECKPOINT_FOLDER = "checkpoints"
SAMPLE_FOLDER = "samples"
TENSORBOARD_FOLDER = "tensorboard"
HISTORY_FILE = "history.csv"
CURVE_FILE = "loss_curve.png"
PHOTOS_FILE = "photos.csv"
DIVERGENCE_FILE = "divergences.json"
PAGE_FILE = "index.html"
_LOCK_FILE = ".lock"
SHORTER_STYLES = "style-*-steps.keras"
_OWN = (
    CONFIG_FILE, INPUTS_FILE, CHECKPOINT_FOLDER, SAMPLE_FOLDER, TENSORBOARD_FOLDER,
    HISTORY_FILE,
    CURVE_FILE, DIVERGENCE_FILE, PAGE_FILE, STYLE_FILE,
)  # fmt: skip


@contextlib.contextmanager
def lock_workdir(workdir: pathlib.Path):
    """Locks a workdir against other trainings; makes it if it does not exist.

    The operating system ends the lock with the process, however that ends. Files that
    a killed process left half-written are removed. If an error comes before anything is
    written, no new folder is left behind. A file system without locks gets a file in
    their place.

    Args:
        workdir: Folder of the training.

    Raises:
        ValueError: If `workdir` is a file.
        RuntimeError: If a training is running there.
    """
    if workdir.exists() and not workdir.is_dir():
        raise ValueError(
            f"`workdir` must be a folder. Received: workdir={os.fspath(workdir)!r}"
        )
    is_new = not workdir.exists()
    workdir.mkdir(parents=True, exist_ok=True)
    try:
        with locking(workdir / _LOCK_FILE):
            remove_temporaries(workdir)
            try:
                yield
            finally:
                names = [path.name for path in workdir.iterdir()]
                if is_new and all(name.startswith(_LOCK_FILE) for name in names):
                    shutil.rmtree(workdir)
    except LockHeldError as error:
        raise RuntimeError(
            f"Another training is running in {os.fspath(workdir)!r}. Wait for it, or "
            f"choose another workdir. {error}".rstrip()
        ) from None


def is_locked(workdir: pathlib.Path) -> bool:
    """Returns whether a training is running in a workdir."""
    path = workdir / _LOCK_FILE
    return path.is_file() and is_held(path)


def read_field(workdir: pathlib.Path, name: str, default):
    """Returns a config field of the training in a workdir, or the default."""
    return read_earlier_config(workdir).get(name, default)


def read_earlier_config(workdir: pathlib.Path) -> dict:
    """Returns the config of a training that has saved something, else `{}`."""
    path = workdir / CONFIG_FILE
    has_work = (workdir / STYLE_FILE).is_file() or list_checkpoints(
        workdir / CHECKPOINT_FOLDER
    )
    if not (has_work and path.is_file()):
        return {}
    try:
        return read_fields(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{os.fspath(path)!r} is damaged: {error}") from None


def save_config(workdir: pathlib.Path, config: TrainConfig) -> None:
    """Writes the config of a training into its workdir, and what its paths hold."""
    save_inputs(workdir, config)
    with replacing(workdir / CONFIG_FILE) as temporary:
        temporary.write_text(to_json(config))


def move_aside(workdir: pathlib.Path) -> pathlib.Path | None:
    """Moves what a training wrote into a new folder beside the workdir.

    All other files stay where they are.

    Args:
        workdir: Folder of the training, locked by the caller.

    Returns:
        `<workdir>.1`, or the first free number; None if there was nothing to move.
    """
    found = [workdir / name for name in _OWN if (workdir / name).exists()]
    found += workdir.glob(SHORTER_STYLES)
    if not found:
        return None
    number = 1
    while (target := workdir.with_name(f"{workdir.name}.{number}")).exists():
        number += 1
    target.mkdir()
    for path in found:
        shutil.move(path, target / path.name)
    logging.info("The old run is now in %s.", target)
    return target


def read_divergences(workdir: pathlib.Path) -> list[dict]:
    """Reads the divergences of a training: `step`, `reason` and `back_to` of each."""
    path = workdir / DIVERGENCE_FILE
    if not path.is_file():
        return []
    try:
        divergences = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{os.fspath(path)!r} is damaged: {error}") from None
    if not isinstance(divergences, list):
        raise ValueError(f"{os.fspath(path)!r} is damaged: it must hold a list.")
    return divergences


def write_divergences(workdir: pathlib.Path, divergences: list[dict]) -> None:
    """Writes the divergences of a training."""
    with replacing(workdir / DIVERGENCE_FILE) as temporary:
        temporary.write_text(json.dumps(divergences, indent=2))
