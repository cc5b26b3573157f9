"""Config files: found by name or path, loaded, and changed by the command line."""

import dataclasses
import importlib.util
import os
import pathlib
import traceback

from fast_style.config.fields import parse_field
from fast_style.config.fields import suggest
from fast_style.config.loss_config import list_fields
from fast_style.config.term_overrides import merge_terms
from fast_style.config.term_overrides import PREFIX as TERMS_PREFIX
from fast_style.config.train_config import TrainConfig
from fast_style.io.files import expand_home

_PACKAGE = pathlib.Path(__file__).parent.parent
# In an installed package the configs lie beside the wings, in a clone above.
_CONFIG_FOLDERS = (_PACKAGE / "configs", _PACKAGE.parent / "configs")
_PREFIX = "--config."


def read_config(config: str, overrides: list[str]) -> TrainConfig:
    """Loads a config file and sets the fields that the command line names.

    Args:
        config: Path of a Python file with `get_config()`, or the name of one
            that is bundled, such as `"smoke"`.
        overrides: Such as `["--config.style_weight=3"]`.

    Returns:
        The config, checked.

    Raises:
        ValueError: If there is no such file or field, the file fails, or a value
            is impossible.
    """
    path = _find_config(config)
    loaded = _load_config(path)
    fields = dict(_parse_override(text) for text in overrides)
    return dataclasses.replace(loaded, **merge_terms(fields, loaded.terms))


def _parse_override(text):
    name, equals, value = text.removeprefix(_PREFIX).partition("=")
    is_of_term = text.startswith(_PREFIX + TERMS_PREFIX)
    if is_of_term and equals:
        return name, value
    fields = list_fields(TrainConfig)
    is_override = text.startswith(_PREFIX)
    if name == "terms" and is_override:
        raise ValueError(
            "Terms are given a field at a time, --config.terms.NAME.FIELD=VALUE. "
            f"Received: {text}"
        )
    if is_override and name not in fields and not is_of_term:
        hint = suggest(name, fields) or " `fast-style train --help` lists all."
        raise ValueError(f"There is no config field {name!r}.{hint}")
    if not (is_override and equals):
        raise ValueError(
            f"Overrides are written --config.FIELD=VALUE. Received: {text}"
        )
    return name, parse_field(fields[name], value)


def _load_config(path):
    spec = importlib.util.spec_from_file_location("fast_style_config", path)
    module = importlib.util.module_from_spec(spec)
    with _TellLine(path):
        spec.loader.exec_module(module)
    if not hasattr(module, "get_config"):
        raise ValueError(
            "`config` must be a Python file with a function `get_config()`. "
            f"Received: config={os.fspath(path)!r}"
        )
    with _TellLine(path):
        config = module.get_config()
    if not isinstance(config, TrainConfig):
        raise ValueError(
            "`get_config()` must return a `fast_style.TrainConfig`. "
            f"Received: {type(config).__name__} from {os.fspath(path)!r}"
        )
    return config


class _TellLine:
    """Turns an error of a config file into one that names the file and the line."""

    def __init__(self, path):
        self.path = os.fspath(path)
        self.absolute = os.path.abspath(path)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if not isinstance(error, Exception):
            return
        if isinstance(error, SyntaxError):
            line, text = error.lineno, f"{kind.__name__}: {error.msg}"
        else:
            lines = [
                frame.lineno
                for frame in traceback.extract_tb(trace)
                if os.path.abspath(frame.filename) == self.absolute
            ]
            line = lines[-1] if lines else 1
            text = f"{kind.__name__}: {error}"
        raise ValueError(f"{self.path}, line {line}: {text}") from error


def list_configs() -> list[str]:
    """Returns the names of the bundled configs, sorted."""
    return sorted(p.stem for f in _CONFIG_FOLDERS for p in f.glob("[!_]*.py"))


def _find_config(config):
    path = expand_home(config)
    if path.endswith(".py") and pathlib.Path(path).is_file():
        return path
    for folder in _CONFIG_FOLDERS:
        if (path := folder / f"{config}.py").is_file():
            return path
    raise ValueError(
        "`config` must be a Python file with `get_config()`, or one of "
        f"{', '.join(list_configs())}. Received: config={config!r}"
    )
