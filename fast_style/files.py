"""Files that are written whole or not at all."""

import contextlib
import os
import pathlib
import threading


@contextlib.contextmanager
def replacing(path: str | os.PathLike):
    """Gives a temporary name beside a file, which takes its place in the end.

    If the block fails, the temporary file is removed and an older one stays.

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
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
