"""Config files: found by name or path, loaded, and changed by the command line."""

import importlib.util
import os
import pathlib

from absl import flags
from ml_collections import config_flags

from fast_style.config import suggest_field
from fast_style.config import TrainConfig

_PACKAGE = pathlib.Path(__file__).parent
# In an installed package the configs lie beside the modules, in a clone above.
_CONFIG_FOLDERS = (_PACKAGE / "configs", _PACKAGE.parent / "configs")


def read_config(config: str, overrides: list[str]) -> TrainConfig:
    """Loads a config file and sets the fields that the command line names.

    Args:
        config: Path of a Python file with `get_config()`, or the name of one
            that comes with the library, such as `"smoke"`.
        overrides: Such as `["--config.style_weight=3"]`.

    Returns:
        The config, not yet checked as a whole.

    Raises:
        ValueError: If there is no such file or field, or a value has another
            type.
    """
    loaded = _load_config(_find_config(config))
    argv = ["fast-style train", *overrides]
    flag_values = flags.FlagValues()
    try:
        config_flags.DEFINE_config_dataclass(
            "config", loaded, flag_values=flag_values, sys_argv=argv
        )
        unused = flag_values(argv)[1:]
    except KeyError as error:
        names = [text.split("=")[0].removeprefix("--config.") for text in overrides]
        hints = "".join(suggest_field(name) for name in names)
        raise ValueError(f"{error.args[0]}.{hints}") from None
    except flags.Error as error:
        raise ValueError(str(error)) from None
    if unused:
        raise ValueError(
            "Overrides are written --config.field=value. Received: " + " ".join(unused)
        )
    return flag_values.config


def _load_config(path):
    spec = importlib.util.spec_from_file_location("fast_style_config", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if not hasattr(module, "get_config"):
        raise ValueError(
            "`config` must be a Python file with a function `get_config()`. "
            f"Received: config={os.fspath(path)!r}"
        )
    config = module.get_config()
    if not isinstance(config, TrainConfig):
        raise ValueError(
            "`get_config()` must return a `fast_style.TrainConfig`. "
            f"Received: {type(config).__name__} from {os.fspath(path)!r}"
        )
    return config


def list_configs() -> list[str]:
    """Returns the names of the configs that come along, sorted."""
    return sorted(p.stem for f in _CONFIG_FOLDERS for p in f.glob("[!_]*.py"))


def _find_config(config):
    if config.endswith(".py") and pathlib.Path(config).is_file():
        return config
    for folder in _CONFIG_FOLDERS:
        if (path := folder / f"{config}.py").is_file():
            return path
    raise ValueError(
        "`config` must be a Python file with `get_config()`, or one of "
        f"{', '.join(list_configs())}. Received: config={config!r}"
    )
