"""fast-style export: writes a style for other programs."""

import fast_style
from fast_style.cli.arguments import add_path
from fast_style.cli.quiet import load_tensorflow
from fast_style.inference.formats.registry import FORMATS


def add_parser(commands) -> None:
    """Adds the arguments."""
    command = commands.add_parser("export", help="write a style for other programs")
    add_path(
        command,
        "--style",
        "--run",
        required=True,
        help="bundled name, workdir or .keras file; --run is an older name of it",
    )
    add_path(command, "--output", required=True, help="folder or file to write")
    formats = "; ".join(f"{name}: {spec.summary}" for name, spec in FORMATS.items())
    command.add_argument(
        "--format",
        default="saved_model",
        choices=FORMATS,
        help=f"{formats} (default: %(default)s)",
    )
    command.set_defaults(run=run)


def run(arguments) -> int:
    """Runs the command; returns its exit code."""
    load_tensorflow(shows_lines=arguments.debug)
    report = fast_style.export_style(
        arguments.style, arguments.output, format=arguments.format
    )
    print(
        f"Exported: {report.path} (largest difference from the Keras model: "
        f"{report.max_difference} of 255)"
    )
    return 0
