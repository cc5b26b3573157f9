"""The folder of a training: who may use it, for what, and what is in it."""

import contextlib
import json
import os
import pathlib
import shutil

from absl import logging
import filelock

from fast_style.config.serialization import read_fields
from fast_style.config.serialization import to_json
from fast_style.config.train_config import TrainConfig
from fast_style.io.files import remove_temporaries
from fast_style.io.files import replacing
from fast_style.models.catalog import STYLE_FILE
from fast_style.training.checkpoints import list_checkpoints

CONFIG_FILE = "config.json"
CHECKPOINT_FOLDER = "checkpoints"
SAMPLE_FOLDER = "samples"
TENSORBOARD_FOLDER = "tensorboard"
HISTORY_FILE = "history.csv"
_OLD_HISTORY_FILE = "metrics.csv"
CURVE_FILE = "loss_curve.png"
PHOTOS_FILE = "photos.csv"
DIVERGENCE_FILE = "divergences.json"
PAGE_FILE = "index.html"
_LOCK_FILE = ".lock"
_OWN = (
    CONFIG_FILE, CHECKPOINT_FOLDER, SAMPLE_FOLDER, TENSORBOARD_FOLDER, HISTORY_FILE,
    CURVE_FILE, DIVERGENCE_FILE, PAGE_FILE, STYLE_FILE,
)  # fmt: skip


@contextlib.contextmanager
def lock_workdir(workdir: pathlib.Path):
    """Keeps all other trainings out of a workdir, which is made if there is none.

    The lock is the operating system's, so it ends with the process, however that
    ends. What a killed process left half-written is removed. If nothing has been
    written when an error comes, no new folder is left behind.

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
        with filelock.FileLock(workdir / _LOCK_FILE, timeout=0):
            remove_temporaries(workdir)
            if (old := find_history(workdir)).name == _OLD_HISTORY_FILE:
                os.replace(old, workdir / HISTORY_FILE)
            try:
                yield
            finally:
                if is_new and not any(p.name != _LOCK_FILE for p in workdir.iterdir()):
                    shutil.rmtree(workdir)
    except filelock.Timeout:
        raise RuntimeError(
            f"Another training is running in {os.fspath(workdir)!r}. Wait for it, or "
            "choose another workdir."
        ) from None


def is_locked(workdir: pathlib.Path) -> bool:
    """Returns whether a training is running in a workdir."""
    path = workdir / _LOCK_FILE
    if not path.is_file():
        return False
    try:
        with filelock.FileLock(path, timeout=0):
            return False
    except filelock.Timeout:
        return True
    except OSError:
        return False  # A folder where nobody may write has no training.


def check_workdir(workdir: pathlib.Path, config: TrainConfig) -> None:
    """Checks that a workdir is empty, or of a training with the same config.

    Raises:
        ValueError: If it is another's; the message names the fields that differ.
    """
    old = _read_config(workdir)
    new = json.loads(to_json(config))
    # Fields that the old run did not know yet have not been changed by anyone.
    names = [name for name, value in old.items() if value != new.get(name)]
    if names:
        changes = ", ".join(f"{n} {old[n]!r} to {new.get(n)!r}" for n in names)
        raise ValueError(
            f"{os.fspath(workdir)!r} holds a training with another config. "
            f"Changed: {changes}. Choose a new workdir, go on with the old values, or "
            "begin anew with `--fresh`, which moves the old run aside."
        )


def read_precision(workdir: pathlib.Path) -> str:
    """Returns in what the training in a workdir computes; empty if there is none."""
    return _read_config(workdir).get("precision", "")


def find_history(workdir: pathlib.Path) -> pathlib.Path:
    """Returns where the losses of a training are, also of an earlier version."""
    old = workdir / _OLD_HISTORY_FILE
    return old if old.is_file() else workdir / HISTORY_FILE


def _read_config(workdir):
    """Returns the fields of a training that has saved something; else none."""
    path = workdir / CONFIG_FILE
    has_work = (workdir / STYLE_FILE).is_file() or list_checkpoints(
        workdir / CHECKPOINT_FOLDER
    )
    return read_fields(path.read_text()) if has_work and path.is_file() else {}


def save_config(workdir: pathlib.Path, config: TrainConfig) -> None:
    """Writes the config of a training into its workdir."""
    with replacing(workdir / CONFIG_FILE) as temporary:
        temporary.write_text(to_json(config))


def move_aside(workdir: pathlib.Path) -> pathlib.Path | None:
    """Moves what a training wrote into a new folder beside the workdir.

    Files of others stay where they are.

    Args:
        workdir: Locked by the caller.

    Returns:
        `<workdir>.1`, or the first free number; None if there was nothing to move.
    """
    found = [workdir / name for name in _OWN if (workdir / name).exists()]
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
    """Reads at which steps the training in a workdir went back, and why."""
    path = workdir / DIVERGENCE_FILE
    return json.loads(path.read_text()) if path.is_file() else []


def write_divergences(workdir: pathlib.Path, divergences: list[dict]) -> None:
    """Writes them."""
    with replacing(workdir / DIVERGENCE_FILE) as temporary:
        temporary.write_text(json.dumps(divergences, indent=2))
