"""fast-style styles: lists the bundled styles."""

import fast_style


def add_parser(commands) -> None:
    """Adds the arguments."""
    command = commands.add_parser("styles", help="list the bundled styles")
    command.set_defaults(run=run)


def run(arguments) -> int:
    """Runs the command; returns its exit code."""
    del arguments
    for name in fast_style.list_styles():
        print(name)
    return 0
