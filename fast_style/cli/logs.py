"""What the commands show of the library's log and warnings."""

import contextlib
import logging as basic_logging
import os
import pathlib
import sys
import warnings

from absl import logging

_PACKAGE = os.path.join(pathlib.Path(__file__).parent.parent, "")
_PROGRESS_MODULES = ("progress",)


def show_log(*, only_progress: bool = False) -> None:
    """Shows what the library logs while it works, without level, time and line.

    Args:
        only_progress: Whether only progress and warnings are shown, the first line of
            each, indented.
    """
    handler = basic_logging.StreamHandler()
    handler.addFilter(_OurOwn(_PROGRESS_MODULES if only_progress else None))
    handler.setFormatter(_FirstLine() if only_progress else None)
    basic_logging.basicConfig(format="%(message)s", handlers=[handler])
    logging.set_verbosity(logging.INFO)


def show_any_text() -> None:
    r"""Lets any text be printed, whatever the encoding of the terminal lacks.

    A name in Chinese on a terminal of cp1252, or one that is no text at all, is shown
    with escapes such as `\u6771`.
    """
    for stream in (sys.stdout, sys.stderr):
        # Neither of them need be there, nor be a file: in a notebook it is not.
        if getattr(stream, "errors", None) == "strict":
            with contextlib.suppress(AttributeError, ValueError):
                stream.reconfigure(errors="backslashreplace")


class _OurOwn(basic_logging.Filter):
    """Lets warnings pass, and of the rest only what fast_style's own files log."""

    def __init__(self, modules=None):
        super().__init__()
        self.modules = modules

    def filter(self, record):
        if record.levelno >= basic_logging.WARNING:
            return True
        is_ours = os.path.abspath(record.pathname).startswith(_PACKAGE)
        return is_ours and (self.modules is None or record.module in self.modules)


class _FirstLine(basic_logging.Formatter):
    def format(self, record):
        return f"  {record.getMessage().partition(chr(10))[0]}"


@contextlib.contextmanager
def short_warnings(where: str):
    """Shows Python's warnings on stderr in one line each.

    Those about code of the user's, such as a config file, name the line there.

    Args:
        where: What warns, such as `"fast-style train"`.
    """

    def show(message, category, filename, lineno, file=None, line=None):
        del category, line
        is_ours = os.path.abspath(filename).startswith(_PACKAGE)
        place = "" if is_ours else f" ({filename}, line {lineno})"
        print(f"{where}: {message}{place}", file=file or sys.stderr)

    with warnings.catch_warnings():
        warnings.showwarning = show
        yield
