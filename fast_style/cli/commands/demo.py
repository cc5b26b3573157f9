"""fast-style demo: all of it, in minutes."""

from fast_style.cli.arguments import add_path
from fast_style.cli.logs import show_log
from fast_style.cli.quiet import load_tensorflow
from fast_style.config.config_files import read_config


def add_parser(commands) -> None:
    """Adds the arguments."""
    command = commands.add_parser("demo", help="see all of it work, in minutes")
    add_path(
        command,
        "--output",
        default="demo",
        help="folder to write (default: %(default)s)",
    )
    command.set_defaults(run=run)


def run(arguments) -> int:
    """Runs the command; returns its exit code."""
    config = read_config("quickstart", [])
    load_tensorflow(shows_lines=arguments.debug)
    from fast_style.cli.demo import run_demo

    show_log(only_progress=not arguments.debug)
    run_demo(config, arguments.output)
    return 0
