"""fast-style train: trains a style, or goes on."""

import fast_style
from fast_style.cli.arguments import add_path
from fast_style.cli.fields import add_fields
from fast_style.cli.fields import read_texts
from fast_style.cli.logs import show_log
from fast_style.cli.quiet import load_tensorflow
from fast_style.config.config_files import list_configs
from fast_style.config.config_files import read_config
from fast_style.config.train_config import TrainConfig

_PREFIX = "config."


def add_parser(commands) -> None:
    """Adds the arguments."""
    command = commands.add_parser(
        "train",
        help="train a style",
        usage="fast-style train --config=CONFIG --workdir=WORKDIR [--fresh] [--debug] "
        "[--config.FIELD=VALUE ...]",
    )
    command.add_argument(
        "--config",
        required=True,
        help="a Python file with get_config(), or the name of a bundled one: "
        + ", ".join(list_configs()),
    )
    add_path(command, "--workdir", required=True, help="where the training writes")
    command.add_argument(
        "--fresh",
        action="store_true",
        help="begin anew; what is in the workdir is moved into a folder beside it",
    )
    add_fields(
        command,
        TrainConfig,
        prefix=_PREFIX,
        note="Replaces what the config file says. The default is that of a file which "
        "says nothing of it. Tuples are given with commas.",
    )
    command.set_defaults(run=run)


def run(arguments) -> int:
    """Runs the command; returns its exit code."""
    show_log()
    texts = read_texts(TrainConfig, arguments, prefix=_PREFIX)
    overrides = [f"--{_PREFIX}{name}={text}" for name, text in texts.items()]
    config = read_config(arguments.config, overrides + arguments.overrides)
    load_tensorflow(shows_lines=arguments.debug)
    path = fast_style.train(config, arguments.workdir, fresh=arguments.fresh)
    print(f"The style is trained: {path}")
    return 0
