"""Checks that a training goes on with the config that it was begun with."""

import json
import os
import pathlib

from fast_style.config.serialization import to_json
from fast_style.config.term_overrides import PREFIX
from fast_style.config.train_config import TrainConfig
from fast_style.training.recorded_inputs import describe_inputs
from fast_style.training.recorded_inputs import is_same_input
from fast_style.training.recorded_inputs import read_inputs
from fast_style.training.workdir import read_earlier_config


def check_workdir(workdir: pathlib.Path, config: TrainConfig) -> None:
    """Checks that a workdir has no training with another config.

    Paths are compared by what is there now and was there then. More steps than before
    are no other config.

    Args:
        workdir: Folder of the training.
        config: Config of the training that is to run there.

    Raises:
        ValueError: If it has one; the message names the fields that differ.
    """
    old = _flatten(read_earlier_config(workdir))
    if not old:
        return
    new = _flatten(json.loads(to_json(config)))
    recorded, found = read_inputs(workdir), describe_inputs(config)
    changes = []
    for name, value in old.items():
        # Of the fields of a term that is gone the list of terms tells.
        if name not in new and name.startswith(PREFIX):
            continue
        if name in recorded or name in found:
            is_same = is_same_input(name, value, new.get(name), recorded, found)
        elif name == "num_steps":
            is_same = value <= new[name]  # It goes on to them.
        else:
            is_same = value == new.get(name)
        if not is_same:
            changes.append(_describe_change(name, value, new.get(name)))
    if changes:
        raise ValueError(
            f"{os.fspath(workdir)!r} holds a training with another config. "
            f"Changed: {', '.join(changes)}. Go on with the old values, choose a new "
            "workdir, which `init_from` may begin with this one's style, or begin anew "
            "with `--fresh`, which moves the old run aside."
        )


def _describe_change(name, old, new):
    if old == new:
        return f"what {name} {old!r} holds"
    return f"{name} {old!r} to {new!r}"


def _flatten(fields):
    """Returns fields among which those of each term of the loss have their own."""
    terms = fields.get("terms")
    if not isinstance(terms, dict):
        return fields
    flat = {**fields, "terms": list(terms)}  # Whose order is that of the checkpoints.
    for name, term in terms.items():
        flat |= {f"{PREFIX}{name}.{key}": value for key, value in term.items()}
    return flat
