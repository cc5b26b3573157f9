"""fast-style styles: lists the bundled styles, or those in a file."""

import fast_style
from fast_style.cli.arguments import add_path
from fast_style.inference.formats.registry import name_format
from fast_style.models.catalog import find_style
from fast_style.models.style_files import read_style


def add_parser(commands) -> None:
    """Adds the arguments."""
    command = commands.add_parser(
        "styles", help="list the bundled styles, or those in a file"
    )
    add_path(command, "style", nargs="?", help="a bundled name, workdir or .keras file")
    command.set_defaults(run=run)


def run(arguments) -> int:
    """Runs the command; returns its exit code."""
    names = [*fast_style.list_styles(), *map(_describe, fast_style.list_collections())]
    if arguments.style:
        path = find_style(arguments.style)
        if name_format(path) != "keras":
            raise ValueError(
                "Only bundled styles, workdirs and `.keras` files say what is in them. "
                f"Received: {arguments.style!r}, an export."
            )
        conditions = read_style(path).conditions
        names = conditions.names if conditions else [arguments.style]
    for name in names:
        print(name)
    return 0


def _describe(collection):
    conditions = read_style(find_style(collection)).conditions
    if conditions is None:
        return f"{collection} (with --style_image=PICTURE)"
    return f"{collection} (with --name=NAME, of {', '.join(conditions.names)})"
