"""fast-style runs: lists trainings with their state, step and losses."""

from fast_style.cli.arguments import add_path
from fast_style.cli.quiet import load_tensorflow
from fast_style.io.progress import format_losses


def add_parser(commands) -> None:
    """Adds the arguments."""
    command = commands.add_parser("runs", help="list the trainings in a folder")
    add_path(command, "folder", help="such as runs; searched with all below it")
    command.set_defaults(run=run)


def run(arguments) -> int:
    """Runs the command; returns its exit code."""
    load_tensorflow(shows_lines=arguments.debug)
    from fast_style.training.runs import list_runs

    runs = list_runs(arguments.folder)
    if not runs:
        print(f"There are no trainings in {arguments.folder}.")
        return 0
    rows = [("training", "state", "step", "losses")]
    for each in runs:
        losses = format_losses(each.losses) if each.losses else "-"
        step = f"{each.step}/{each.num_steps}"
        rows.append((str(each.workdir), each.state, step, losses))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())
    return 0
