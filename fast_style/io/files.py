"""Files that are written whole or not at all."""

import contextlib
import errno
import hashlib
import os
import pathlib
import re
import threading

# Bytes that any file system takes in a name; encrypted ones have 143.
_LONGEST_NAME = 143
_NUM_KEPT = 16  # Letters, of up to 4 bytes.
_TEMPORARY = re.compile(r"\..+\.\d+-\d+")


def expand_home(path: str | os.PathLike) -> str:
    """Returns a path in which a leading `~` or `~user` is the home it stands for.

    A shell does so only at the beginning of a word, not in `--output=~/x`.

    Args:
        path: Path of a file or folder. If nothing is known of such a home, it stays as
            it is.
    """
    return os.path.expanduser(os.fspath(path))


def check_path(name: str, path: str | os.PathLike) -> pathlib.Path:
    """Checks a path that someone gave; an empty one would mean the current folder.

    Args:
        name: Name of the argument, for the message.
        path: Path of a file or folder, which need not exist.

    Returns:
        The path, with the home in the place of a leading `~`.

    Raises:
        ValueError: If it is empty or blank.
    """
    if not str(os.fspath(path)).strip():
        raise ValueError(f"`{name}` must be a path. Received: {name}={path!r}")
    return pathlib.Path(expand_home(path))


def check_writable(name: str, path: str | os.PathLike) -> pathlib.Path:
    """Checks that a file can be written, before the work whose result it will hold.

    Its folder is made if it is missing, and an empty file is written beside it and
    removed.

    Args:
        name: Of the argument, for the message.
        path: Of the file; if it exists it stays as it is.

    Returns:
        The path.

    Raises:
        ValueError: If it is empty or blank.
        OSError: If it is a folder, or cannot be written.
    """
    path = check_path(name, path)
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        # If a file is in the folder's place, the next line tells it better.
        with contextlib.suppress(FileExistsError):
            path.parent.mkdir(parents=True, exist_ok=True)
        temporary = _name_temporary(path)
        temporary.touch()
        temporary.unlink()
    except OSError as error:
        # With the user's path instead of the temporary one.
        problem = f"`{name}` cannot be written ({error.strerror})"
        raise OSError(error.errno, problem, os.fspath(path)) from None
    return path


@contextlib.contextmanager
def replacing(path: str | os.PathLike):
    """Yields a temporary name beside a file, which takes its place in the end.

    If the block fails, what it wrote is removed and an older file stays. Only what
    has reached the disk is renamed, so a power cut leaves no empty file either.

    Args:
        path: Of the file; its folder must exist.

    Yields:
        A path that no other process or thread is given.

    Raises:
        ValueError: If `path` is empty or blank.
    """
    path = check_path("path", path)
    temporary = _name_temporary(path)
    try:
        yield temporary
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _name_temporary(path):
    ending = f".{os.getpid()}-{threading.get_ident()}"
    name = path.name
    if len(os.fsencode(name)) + len(ending) >= _LONGEST_NAME:
        # The names of two files may begin alike.
        digest = hashlib.sha256(os.fsencode(name)).hexdigest()[:16]
        name = f"{name[:_NUM_KEPT]}~{digest}"
    return path.with_name(f".{name}{ending}")


def write_text(text: str, path: str | os.PathLike) -> None:
    """Writes text into a file in UTF-8, whole or not at all.

    Args:
        text: The text. The name of a file need not be text; its other bytes are written
            as escapes.
        path: Path of the file; its folder must exist.

    Raises:
        ValueError: If `path` is empty or blank.
    """
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", errors="backslashreplace")


def remove_temporaries(folder: str | os.PathLike) -> None:
    """Removes what a killed process left of `replacing` in a folder and below.

    Args:
        folder: One that no other process writes into now.

    Raises:
        ValueError: If `folder` is empty or blank.
    """
    for path in check_path("folder", folder).rglob(".*"):
        if _TEMPORARY.fullmatch(path.name):
            path.unlink(missing_ok=True)
