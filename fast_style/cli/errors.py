"""Which errors are the user's to mend, and what is printed of each kind."""

import dis
import os
import pathlib
import sys
import traceback

USER_ERROR = 1
BUG = 70  # EX_SOFTWARE of sysexits.h.
_PACKAGE = os.path.join(pathlib.Path(__file__).parent.parent, "")
_RAISE = dis.opmap["RAISE_VARARGS"]
_TOO_LITTLE_MEMORY = (
    "There is too little memory for this. Take a smaller picture, or for a training a "
    "smaller `image_size` or `batch_size`."
)


def is_user_error(error: BaseException) -> bool:
    """Returns whether an error tells the user what to change, and is no bug of ours.

    That is so if a `raise` statement of fast_style made it, which comes with a message
    for the user; if a file or the network failed; or if memory did not suffice.

    Args:
        error: As it was caught, with its traceback.
    """
    if isinstance(error, OSError) or _is_out_of_memory(error):
        return True
    if isinstance(error, AttributeError):
        return False  # `lazy.py` raises it on purpose, at names that we mistyped.
    return _is_our_statement(error)


def _is_our_statement(error):
    trace = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    code = trace.tb_frame.f_code
    is_ours = os.path.abspath(code.co_filename).startswith(_PACKAGE)
    return is_ours and code.co_code[trace.tb_lasti] == _RAISE


def _is_out_of_memory(error):
    # By name, as TensorFlow may not be imported, or not be there.
    names = {each.__name__ for each in type(error).__mro__}
    return bool(names & {"MemoryError", "ResourceExhaustedError"})


def report_error(error: BaseException, where: str, *, debug: bool = False) -> int:
    """Prints an error on stderr: a line for users, the traceback of a bug.

    Args:
        error: As it was caught.
        where: What failed, such as `"fast-style train"`.
        debug: Whether to print the traceback of a user's error too.

    Returns:
        The exit code.
    """
    is_users = is_user_error(error)
    if debug or not is_users:
        traceback.print_exception(error)
    if not is_users:
        print(
            "This is a bug in fast_style; please report it with the lines above.",
            file=sys.stderr,
        )
        return BUG
    print(f"{where}: {_describe(error)}", file=sys.stderr)
    return USER_ERROR


def _describe(error):
    if _is_out_of_memory(error) and not (str(error) and _is_our_statement(error)):
        return _TOO_LITTLE_MEMORY
    if isinstance(error, OSError) and error.strerror and error.filename is not None:
        return f"{error.strerror}: {error.filename!r}"  # Without "[Errno 2]".
    return str(error) or type(error).__name__


class Failures:
    """Says what went wrong with some of many files, and counts it.

    Args:
        prefix: Of the messages; the file follows.
        debug: Whether tracebacks are shown.

    Attributes:
        number: Of the failures.
        exit_code: The worst of them; 0: there were none.
    """

    def __init__(self, prefix: str, *, debug: bool = False):
        self._prefix, self._debug = prefix, debug
        self.number = self.exit_code = 0

    def add(self, source, error: Exception) -> None:
        """Reports that a file failed."""
        code = report_error(error, f"{self._prefix}: {source}", debug=self._debug)
        self.exit_code = max(self.exit_code, code)
        self.number += 1

    def survives(self, work, source, *details) -> bool:
        """Returns whether `work(source, *details)` raises nothing; else reports it."""
        try:
            work(source, *details)
        except Exception as error:
            self.add(source, error)
            return False
        return True
