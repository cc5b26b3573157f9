"""fast-style demo: all of it, in minutes."""

from fast_style.cli.fields import show_log
from fast_style.config.config_files import read_config


def add_parser(commands) -> None:
    """Adds the arguments."""
    command = commands.add_parser("demo", help="see all of it work, in minutes")
    command.add_argument(
        "--output", default="demo", help="folder to write (default: %(default)s)"
    )
    command.set_defaults(run=run)


def run(arguments) -> int:
    """Runs the command; returns its exit code."""
    from fast_style.cli.demo import run_demo

    show_log()
    print(run_demo(read_config("quickstart", []), arguments.output))
    return 0
