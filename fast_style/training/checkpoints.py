"""Saves and loads checkpoints: files with all that a training needs to resume.

A checkpoint is an `.npz` of the trainer's and the optimizer's variables, keyed by their
paths, such as `down1_conv/kernel`: weights, moments, averages, step counters, recent
losses. The archive has a CRC-32 of each, so damage is detected.
"""

import io
import os
import pathlib
import re
import zipfile
import zlib

from absl import logging
from keras import ops
import numpy as np

from fast_style.io.files import replacing

_NAME = re.compile(r"step-(\d+)\.npz")
# Which of them NumPy and zipfile raise depends on the damaged part: for an unknown
# compression method it is NotImplementedError.
_DAMAGES = (
    OSError, EOFError, ValueError, NotImplementedError, zipfile.BadZipFile, zlib.error
)  # fmt: skip


def list_checkpoints(folder: str | os.PathLike) -> list[tuple[pathlib.Path, int]]:
    """Lists the checkpoints in a folder, oldest first.

    Args:
        folder: Folder of the checkpoints; may be missing.

    Returns:
        Pairs of path and number of steps done.
    """
    found = []
    for path in pathlib.Path(folder).glob("step-*.npz"):
        if match := _NAME.fullmatch(path.name):
            found.append((path, int(match[1])))
    return sorted(found, key=lambda pair: pair[1])


def find_checkpoint(folder: str | os.PathLike, step: int) -> pathlib.Path:
    """Returns the path of the checkpoint of a step, whether it exists or not."""
    return pathlib.Path(folder) / f"step-{step:08d}.npz"


def save_checkpoint(
    trainer, folder: str | os.PathLike, step: int, *, num_checkpoints: int
) -> pathlib.Path:
    """Writes a checkpoint, then removes the oldest ones.

    Args:
        trainer: A built and compiled `keras.Model`.
        folder: Folder of the checkpoints; made if it does not exist.
        step: Number of steps done.
        num_checkpoints: Number of checkpoints to keep.

    Returns:
        Path of the checkpoint.

    Raises:
        OSError: If it cannot be written. The earlier checkpoints are kept.
    """
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    # In memory first: a full disk is then an error of a single write.
    buffer = io.BytesIO()
    np.savez(buffer, **read_state(trainer))
    path = find_checkpoint(folder, step)
    try:
        with replacing(path) as temporary:
            temporary.write_bytes(buffer.getbuffer())
    except OSError as error:
        raise OSError(
            error.errno,
            f"{error.strerror}: the checkpoint of step {step} could not be written, "
            f"{_describe_newest(folder)}. Make room, then start the same command again",
            os.fspath(path),
        ) from error
    for old, _ in list_checkpoints(folder)[:-num_checkpoints]:
        old.unlink()
    return path


def _describe_newest(folder):
    if checkpoints := list_checkpoints(folder):
        return f"that of step {checkpoints[-1][1]} is whole"
    return "and there is none before it"


def load_checkpoint(trainer, path: str | os.PathLike) -> None:
    """Sets all variables to their values in a checkpoint, or none if that fails.

    Args:
        trainer: Built and compiled like the one that was saved.
        path: Path of the checkpoint.

    Raises:
        ValueError: If it is damaged, or of another kind of trainer.
    """
    try:
        # Opened here, as NumPy does not close a file that is not an archive.
        with open(path, "rb") as file, np.load(file) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except _DAMAGES as error:
        raise ValueError(
            f"Checkpoint {os.fspath(path)!r} is damaged: {error}"
        ) from error
    variables = _find_variables(trainer)
    expected = {name: tuple(variable.shape) for name, variable in variables.items()}
    if {name: array.shape for name, array in arrays.items()} != expected:
        raise ValueError(
            f"Checkpoint {os.fspath(path)!r} is not of this generator and optimizer."
        )
    write_state(trainer, arrays)


def restore_newest(trainer, folder: str | os.PathLike) -> int:
    """Loads the newest checkpoint that is intact.

    Args:
        trainer: As in `load_checkpoint`.
        folder: Folder of the checkpoints; may be missing.

    Returns:
        Number of steps done, 0 if there is no checkpoint.

    Raises:
        ValueError: If there are checkpoints but none can be loaded.
    """
    checkpoints = list_checkpoints(folder)
    for path, num_steps_done in reversed(checkpoints):
        try:
            load_checkpoint(trainer, path)
        except ValueError as error:
            logging.warning("%s", error)
            continue
        logging.info("Going on after %d steps, from %s.", num_steps_done, path)
        return num_steps_done
    if checkpoints:
        raise ValueError(
            f"No checkpoint in {os.fspath(folder)!r} can be read. Begin anew with "
            "`--fresh`, which moves the old run aside, or in another workdir."
        )
    return 0


def read_state(trainer) -> dict[str, np.ndarray]:
    """Returns the values of all variables of a trainer, keyed by their paths."""
    variables = _find_variables(trainer)
    return {name: np.array(ops.convert_to_numpy(v)) for name, v in variables.items()}


def write_state(trainer, state: dict[str, np.ndarray]) -> None:
    """Sets all variables of a trainer to values that `read_state` returned."""
    for name, variable in _find_variables(trainer).items():
        variable.assign(state[name])


def _find_variables(trainer):
    found = {}
    for variable in (*trainer.weights, *trainer.optimizer.variables):
        if found.setdefault(variable.path, variable) is not variable:
            raise RuntimeError(f"Two variables have the path {variable.path!r}.")
    return found
