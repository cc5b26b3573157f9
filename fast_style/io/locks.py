"""Locks between processes, also on file systems that have none of their own."""

import contextlib
import errno
import os
import pathlib
import socket
import uuid

from absl import logging
import filelock

# What `flock` answers where there are no locks, as on some NFS.
_UNSUPPORTED = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)


class LockHeldError(RuntimeError):
    """Another process holds a lock; the message may say what to do."""


@contextlib.contextmanager
def locking(path: str | os.PathLike):
    """Holds a lock while the block runs, without waiting for it.

    The operating system ends the lock with the process. Where the file system has no
    locks, a file with the name of the machine and the number of the process stands for
    one; that of a process which has ended on this machine does not count.

    Args:
        path: Path of the lock's file; its folder must exist.

    Raises:
        LockHeldError: If another process holds it.
        OSError: If the file cannot be written.
    """
    path = pathlib.Path(path)
    lock = filelock.FileLock(path, timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise LockHeldError from None
    except (NotImplementedError, OSError) as error:
        if not _is_unsupported(error):
            raise
        lock = _FileAsLock(path)
        lock.acquire()
        logging.warning(
            "The file system of %s has no locks (%s). %s stands for one.",
            path.parent,
            error,
            lock.path.name,
        )
    try:
        yield
    finally:
        lock.release()


def _is_unsupported(error):
    is_error = isinstance(error, OSError) and error.errno in _UNSUPPORTED
    return is_error or isinstance(error, NotImplementedError)


def is_held(path: str | os.PathLike) -> bool:
    """Returns whether a process holds the lock of a file.

    Args:
        path: As for `locking`.
    """
    path = pathlib.Path(path)
    try:
        with filelock.FileLock(path, timeout=0):
            return _FileAsLock(path).is_held()
    except filelock.Timeout:
        return True
    except (NotImplementedError, OSError):
        return _FileAsLock(path).is_held()


class _FileAsLock:
    """A lock that is a file: whoever makes it has the lock, until it is removed."""

    def __init__(self, path):
        self.path = path.with_name(f"{path.name}.held")

    def acquire(self):
        if self._is_stale():
            self._remove_stale()
        try:
            with open(self.path, "x", encoding="utf-8") as file:
                file.write(f"{os.getpid()} {socket.gethostname()}")
        except FileExistsError:
            number, host = self._read_holder()
            raise LockHeldError(
                f"{os.fspath(self.path)!r} says that process {number} on {host} is "
                "at work. If it has ended, remove this file."
            ) from None

    def release(self):
        self.path.unlink(missing_ok=True)

    def is_held(self):
        return self.path.exists() and not self._is_stale()

    def _read_holder(self):
        with contextlib.suppress(OSError, ValueError):
            number, host = self.path.read_text(encoding="utf-8").split(" ", 1)
            return int(number), host
        return 0, "another machine"

    def _is_stale(self):
        number, host = self._read_holder()
        if host != socket.gethostname():
            return False
        try:
            os.kill(number, 0)  # Asks whether it is there, and does nothing.
        except ProcessLookupError:
            return True
        except OSError:  # Of another user.
            return False
        return False

    def _remove_stale(self):
        # Moved first, which only one process can do.
        moved = self.path.with_name(f"{self.path.name}-{uuid.uuid4().hex}")
        with contextlib.suppress(FileNotFoundError):
            os.rename(self.path, moved)
            moved.unlink()
