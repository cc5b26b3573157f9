"""The command `fast-style`; `train.py` and `export.py` call it too."""

import argparse
import os
import pathlib
import shlex
import sys

import fast_style
from fast_style.cli.commands import coco
from fast_style.cli.commands import demo
from fast_style.cli.commands import distill
from fast_style.cli.commands import evaluate
from fast_style.cli.commands import export
from fast_style.cli.commands import optimize
from fast_style.cli.commands import runs
from fast_style.cli.commands import styles
from fast_style.cli.commands import stylize
from fast_style.cli.commands import train

# In the order of the help.
_COMMANDS = (
    stylize, styles, coco, train, runs, optimize, evaluate, export, distill, demo
)  # fmt: skip


def main(argv: list[str] | None = None) -> int:
    """Runs one command line.

    Args:
        argv: Arguments without the program's name; None takes the process's.

    Returns:
        Exit code: 0, or 1 if something went wrong, with a message on stderr,
        or 130 after Ctrl-C.
    """
    # TensorFlow's start-up lines tell users nothing that they could act on.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    parser = _make_parser()
    arguments, others = parser.parse_known_args(argv)
    if arguments.command == "train":
        arguments.overrides = others
    elif others:
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    try:
        return arguments.run(arguments)
    except (ValueError, TypeError, OSError, ImportError, RuntimeError) as error:
        print(f"fast-style {arguments.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\nfast-style {arguments.command}: interrupted.", file=sys.stderr)
        if arguments.command == "train":
            print(f"To go on:\n    {_make_resume_command(argv)}", file=sys.stderr)
        return 130


def _make_resume_command(argv):
    is_script = pathlib.Path(sys.argv[0]).name == "train.py"
    words = sys.argv[1:] if argv is None or is_script else argv
    program = ["python", sys.argv[0]] if is_script else ["fast-style"]
    return shlex.join([*program, *(word for word in words if word != "--fresh")])


def _make_parser():
    parser = argparse.ArgumentParser("fast-style", description=fast_style.__doc__)
    parser.add_argument("--version", action="version", version=fast_style.__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    for command in _COMMANDS:
        command.add_parser(commands)
    return parser
