"""Lets a training that was to end go on for more steps."""

import os
import pathlib

from absl import logging

from fast_style.config.train_config import TrainConfig
from fast_style.models.catalog import STYLE_FILE
from fast_style.training.checkpoints import list_checkpoints
from fast_style.training.workdir import CHECKPOINT_FOLDER
from fast_style.training.workdir import read_field
from fast_style.training.workdir import SHORTER_STYLES


def is_longer(workdir: pathlib.Path, config: TrainConfig) -> bool:
    """Returns whether a config has more steps than the training in a workdir had."""
    return config.num_steps > read_field(workdir, "num_steps", config.num_steps)


def make_longer(workdir: pathlib.Path, config: TrainConfig) -> None:
    """Prepares the workdir of a training for more steps, and says what that means.

    Does nothing if there is none, or it has as many. A style that is there already is
    kept under another name, until the last step writes a new one.

    Args:
        workdir: Folder of the training, locked by the caller.
        config: Config of the training as it goes on.

    Raises:
        ValueError: If it is finished and has no checkpoint to go on from.
    """
    if not is_longer(workdir, config):
        return
    num_steps = read_field(workdir, "num_steps", config.num_steps)
    if (workdir / STYLE_FILE).is_file():
        _set_style_aside(workdir, num_steps)
    logging.warning(
        "This training of %d steps goes on to %d. Its schedule (%s) now ends there, so "
        "the style will differ from one that was to have %d steps from the start.",
        num_steps,
        config.num_steps,
        config.learning_rate_schedule,
        config.num_steps,
    )


def _set_style_aside(workdir, num_steps):
    if not list_checkpoints(workdir / CHECKPOINT_FOLDER):
        raise ValueError(
            f"{os.fspath(workdir)!r} has no checkpoints any more, so its training "
            "cannot go on. Choose a new workdir, with "
            f"init_from={os.fspath(workdir)!r}."
        )
    target = workdir / SHORTER_STYLES.replace("*", str(num_steps))
    os.replace(workdir / STYLE_FILE, target)
    logging.info("The style of %d steps is now %s.", num_steps, target)
