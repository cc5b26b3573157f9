"""fast-style export: writes a style as a SavedModel."""

import fast_style


def add_parser(commands) -> None:
    """Adds the arguments."""
    command = commands.add_parser("export", help="write a style as a SavedModel")
    command.add_argument(
        "--run", required=True, dest="style", help="workdir, .keras file or name"
    )
    command.add_argument("--output", required=True, help="folder to write")
    command.set_defaults(run=run)


def run(arguments) -> int:
    """Runs the command; returns its exit code."""
    report = fast_style.export_style(arguments.style, arguments.output)
    print(
        f"SavedModel: {report.path} (largest difference from the Keras model: "
        f"{report.max_difference} of 255)"
    )
    return 0
