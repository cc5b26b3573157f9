"""Lists the trainings in a folder."""

import dataclasses
import json
import os
import pathlib

from fast_style.io.files import expand_home
from fast_style.io.history import read_history
from fast_style.models.catalog import STYLE_FILE
from fast_style.training.checkpoints import list_checkpoints
from fast_style.training.history import NO_LOSSES
from fast_style.training.workdir import CHECKPOINT_FOLDER
from fast_style.training.workdir import CONFIG_FILE
from fast_style.training.workdir import HISTORY_FILE
from fast_style.training.workdir import is_locked


@dataclasses.dataclass(frozen=True)
class Run:
    """The state of a training, read from its workdir.

    Attributes:
        workdir: Folder of the training.
        state: `done`, `running`, `stopped`, or `damaged` if its config or history
            cannot be read.
        step: Number of steps done, by the newest checkpoint.
        num_steps: Number of steps of the whole training.
        losses: The last row of `history.csv`; empty if there is none.
    """

    workdir: pathlib.Path
    state: str
    step: int = 0
    num_steps: int = 0
    losses: dict[str, float] = dataclasses.field(default_factory=dict)


def list_runs(folder: str | os.PathLike) -> list[Run]:
    """Lists the trainings in a folder and below, sorted by path.

    Args:
        folder: Folder to search.

    Raises:
        FileNotFoundError: If the folder does not exist.
    """
    folder = pathlib.Path(expand_home(folder))
    if not folder.is_dir():
        raise FileNotFoundError(
            f"`folder` must be a folder that exists. Received: {os.fspath(folder)!r}"
        )
    return [
        _read_run(path.parent)
        for path in sorted(folder.rglob(CONFIG_FILE))
        if (path.parent / STYLE_FILE).is_file()
        or (path.parent / CHECKPOINT_FOLDER).is_dir()
        or is_locked(path.parent)
    ]


def _read_run(workdir):
    try:
        config = json.loads((workdir / CONFIG_FILE).read_text())
        num_steps = config["num_steps"]
        rows = read_history(workdir / HISTORY_FILE)
    except (ValueError, KeyError, TypeError):
        return Run(workdir, "damaged")
    checkpoints = list_checkpoints(workdir / CHECKPOINT_FOLDER)
    step = checkpoints[-1][1] if checkpoints else 0
    if (workdir / STYLE_FILE).is_file():
        state, step = "done", num_steps
    else:
        state = "running" if is_locked(workdir) else "stopped"
    losses = rows[-1] if rows else {}
    losses = {k: v for k, v in losses.items() if k not in NO_LOSSES}
    return Run(workdir, state, step, num_steps, losses)
