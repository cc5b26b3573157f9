"""Files that are written whole or not at all."""

import contextlib
import os
import pathlib
import re
import threading

_TEMPORARY = re.compile(r"\..+\.\d+-\d+")


@contextlib.contextmanager
def replacing(path: str | os.PathLike):
    """Gives a temporary name beside a file, which takes its place in the end.

    If the block fails, what it wrote is removed and an older file stays. Only what
    has reached the disk is renamed, so a power cut leaves no empty file either.

    Args:
        path: Where the file shall be; the folder must exist.

    Yields:
        A path that no other process or thread is given.
    """
    path = pathlib.Path(path)
    unique = f"{os.getpid()}-{threading.get_ident()}"
    temporary = path.with_name(f".{path.name}.{unique}")
    try:
        yield temporary
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def remove_temporaries(folder: str | os.PathLike) -> None:
    """Removes what a killed process left of `replacing` in a folder and below.

    Args:
        folder: One that no other process writes into now.
    """
    for path in pathlib.Path(folder).rglob(".*"):
        if _TEMPORARY.fullmatch(path.name):
            path.unlink(missing_ok=True)
