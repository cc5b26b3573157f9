"""Standard input and output, and pipes, as files for the rest of a command.

A pipe (`<(...)`, a FIFO, `/dev/stdin`) can be read once, and a picture is looked at
more often: its size first, then its pixels. So it is copied into a temporary file.
"""

import os
import pathlib
import shutil
import sys
import tempfile

from fast_style.io.opening import is_stream

STANDARD = "-"  # As an input and as an output.


class Streams:
    """Puts temporary files in the place of streams; to be entered around the work."""

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="fast_style-")
        self._names = {}
        self._target = None
        return self

    def __exit__(self, *details):
        self._folder.cleanup()

    @property
    def message_file(self):
        """Where messages go: not where a picture does."""
        return sys.stderr if self._target else sys.stdout

    def name(self, path: str | os.PathLike) -> str:
        """Returns what the user calls a file."""
        return self._names.get(os.fspath(path), os.fspath(path))

    def take_source(self, source: str) -> str:
        """Returns a file that can be read more than once.

        Args:
            source: Path, which stays as it is if it is that of a file, or `-`.

        Raises:
            OSError: If it cannot be read.
            ValueError: If it is `-`, and nothing is piped in.
        """
        if source != STANDARD and not is_stream(source):
            return source
        name = "standard_input" if source == STANDARD else pathlib.Path(source).name
        path = self._make(f"{len(self._names)}_{name}", source)
        if source == STANDARD:
            _check_redirected(sys.stdin, "read a picture from standard input")
            _copy(sys.stdin.buffer, path)
        else:
            with open(source, "rb") as stream:
                _copy(stream, path)
        return path

    def take_target(self, target: str | os.PathLike, suffix: str | None):
        """Returns the file that a picture is to be written into.

        Args:
            target: Path, which stays as it is, or `-`.
            suffix: Suffix of the result, if that is `-`.
        """
        if os.fspath(target) != STANDARD:
            return target
        _check_redirected(sys.stdout, "write a picture to standard output")
        self._target = self._make(f"standard_output{suffix}", STANDARD)
        return self._target

    def deliver(self) -> None:
        """Writes the picture for standard output there, if there is one."""
        if self._target and os.path.exists(self._target):
            with open(self._target, "rb") as file:
                shutil.copyfileobj(file, sys.stdout.buffer)
            sys.stdout.buffer.flush()

    def _make(self, name, source):
        path = os.path.join(self._folder.name, name)
        self._names[path] = source
        return path


def _check_redirected(stream, purpose):
    if stream is None or stream.isatty():
        raise ValueError(
            f"`-` is to {purpose}, which must be a pipe or a file. Received: "
            f"{'nothing' if stream is None else 'a terminal'}"
        )


def _copy(stream, path):
    with open(path, "wb") as file:
        shutil.copyfileobj(stream, file)
