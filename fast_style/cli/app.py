"""The command `fast-style`; `train.py` and `export.py` call it too."""

import argparse
import os
import pathlib
import select
import shlex
import sys

import fast_style
from fast_style.cli.arguments import Parser
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
from fast_style.cli.errors import report_error
from fast_style.cli.logs import short_warnings
from fast_style.cli.logs import show_any_text
from fast_style.inference.package_homes import keep_in_cache

# In the order of the help.
_COMMANDS = (
    stylize, styles, coco, train, runs, optimize, evaluate, export, distill, demo
)  # fmt: skip
_BROKEN_PIPE = 141  # As a shell says of a command that SIGPIPE ended.
# How words for the config begin of which `argparse` knows nothing: names of terms are
# for the user to choose.
_OVERRIDES = {"train": "--config.", "optimize": "--terms.", "evaluate": "--terms."}


def main(argv: list[str] | None = None) -> int:
    """Runs one command line.

    Args:
        argv: Arguments without the program's name; None takes the process's.

    Returns:
        Exit code: 0, or 1 if something went wrong that the user can mend, with a line
        on stderr, 70 after a bug of ours, with its traceback, 130 after Ctrl-C, or 141
        if whatever reads the output has ended.

    Raises:
        SystemExit: With 2 if the command line is none that `argparse` understands.
    """
    show_any_text()
    arguments = _parse(argv)
    if not arguments.debug:
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    keep_in_cache()
    where = f"fast-style {arguments.command}"
    try:
        with short_warnings(where):
            code = arguments.run(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()  # Not as Python ends, where nothing could be caught.
        return code
    except Exception as error:
        if isinstance(error, BrokenPipeError) and _has_lost_reader():
            return _BROKEN_PIPE
        return report_error(error, where, debug=arguments.debug)
    except KeyboardInterrupt:
        print(f"\n{where}: interrupted.", file=sys.stderr)
        if arguments.command == "train":
            print(f"To go on:\n    {_make_resume_command(argv)}", file=sys.stderr)
        return 130


def _has_lost_reader():
    """Returns whether what reads the output, such as `head`, has ended."""
    try:
        poll = select.poll()
        poll.register(sys.stdout, 0)
    except (AttributeError, TypeError, ValueError):  # No such call, or no output.
        return False
    if not poll.poll(0):
        return False
    # Else Python would try to write once more at its end.
    with open(os.devnull, "w") as nothing:
        os.dup2(nothing.fileno(), sys.stdout.fileno())
    return True


def _parse(argv):
    debug = {"action": "store_true", "help": "show tracebacks and TensorFlow's lines"}
    parser = Parser("fast-style", description=fast_style.__doc__.splitlines()[0])
    parser.add_argument("--version", action="version", version=fast_style.__version__)
    parser.add_argument("--debug", **debug)
    commands = parser.add_subparsers(dest="command", required=True)
    for command in _COMMANDS:
        command.add_parser(commands)
    for command in commands.choices.values():
        # Not given here, it must not undo one that stood before the command's name.
        command.add_argument("--debug", default=argparse.SUPPRESS, **debug)
    arguments, others = parser.parse_known_args(argv)
    prefix = _OVERRIDES.get(arguments.command)
    arguments.overrides = []
    if prefix and any(word.startswith(prefix) for word in others):
        arguments.overrides = others  # The config knows its fields best.
    elif others:
        commands.choices[arguments.command].refuse(others)
    return arguments


def _make_resume_command(argv):
    is_script = pathlib.Path(sys.argv[0]).name == "train.py"
    words = sys.argv[1:] if argv is None or is_script else argv
    program = ["python", sys.argv[0]] if is_script else ["fast-style"]
    return shlex.join([*program, *(word for word in words if word != "--fresh")])
