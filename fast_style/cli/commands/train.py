"""fast-style train: trains a style, or goes on."""

import dataclasses

import fast_style
from fast_style.cli.fields import show_log
from fast_style.config.config_files import list_configs
from fast_style.config.config_files import read_config
from fast_style.config.train_config import TrainConfig


def add_parser(commands) -> None:
    """Adds the arguments."""
    fields = [field.name for field in dataclasses.fields(TrainConfig)]
    command = commands.add_parser(
        "train",
        help="train a style",
        epilog="Fields of the config are set with --config.FIELD=VALUE, tuples with "
        "commas; help(fast_style.TrainConfig) and help(fast_style.LossConfig) say what "
        f"they mean: {', '.join(fields)}.",
    )
    command.add_argument(
        "--config",
        required=True,
        help="a Python file with get_config(), or the name of one that comes along: "
        + ", ".join(list_configs()),
    )
    command.add_argument("--workdir", required=True, help="where the training writes")
    command.add_argument(
        "--fresh",
        action="store_true",
        help="begin anew; what is in the workdir is moved into a folder beside it",
    )
    command.set_defaults(run=run)


def run(arguments) -> int:
    """Runs the command; returns its exit code."""
    show_log()
    config = read_config(arguments.config, arguments.overrides)
    path = fast_style.train(config, arguments.workdir, fresh=arguments.fresh)
    print(f"The style is trained: {path}")
    return 0
