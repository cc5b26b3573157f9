import errno
import fcntl
import os
import pathlib
import socket
import subprocess
import sys

import pytest

from fast_style.io.locks import is_held
from fast_style.io.locks import LockHeldError
from fast_style.io.locks import locking


@pytest.fixture(params=[None, errno.ENOLCK])
def path(request, tmp_path, monkeypatch):
    """Path of a lock, on a file system that has locks or has none."""
    if request.param:
        refuse_locks(monkeypatch)
    return tmp_path / ".lock"


def refuse_locks(monkeypatch):
    def refuse(*args):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    for name in ("flock", "lockf"):
        monkeypatch.setattr(fcntl, name, refuse)


def test_one_at_a_time(path):
    with locking(path):
        assert is_held(path)
        with pytest.raises(LockHeldError), locking(path):
            pass
        assert is_held(path)

    assert not is_held(path)
    with locking(path):
        pass


def test_it_ends_with_an_error(path):
    with pytest.raises(KeyError), locking(path):
        raise KeyError

    with locking(path):
        pass


def test_a_timeout_in_the_block_is_none_of_the_lock(path):
    with pytest.raises(TimeoutError, match="of a server"), locking(path):
        raise TimeoutError("of a server")


def test_where_there_are_no_locks_it_is_said(tmp_path, monkeypatch, caplog):
    refuse_locks(monkeypatch)

    with locking(tmp_path / ".lock"):
        pass

    assert f"The file system of {tmp_path} has no locks" in caplog.text


def test_a_process_that_was_killed_holds_nothing(tmp_path, monkeypatch):
    refuse_locks(monkeypatch)
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    held = tmp_path / ".lock.held"
    held.write_text(f"{process.pid} {socket.gethostname()}")

    assert not is_held(tmp_path / ".lock")
    with locking(tmp_path / ".lock"):
        assert held.read_text().startswith(f"{os.getpid()} ")

    assert [p.name for p in tmp_path.iterdir() if p.name != ".lock"] == []


@pytest.mark.parametrize("holder", ["1 elsewhere", "nonsense", "1"])
def test_of_another_machine_nothing_is_known_but_what_to_do(
    holder, tmp_path, monkeypatch
):
    refuse_locks(monkeypatch)
    held = pathlib.Path(tmp_path / ".lock.held")
    held.write_text(holder)

    message = r"\.lock\.held' says that .* If it has ended, remove this file"
    with pytest.raises(LockHeldError, match=message), locking(tmp_path / ".lock"):
        pass

    assert is_held(tmp_path / ".lock")
    assert held.read_text() == holder


def test_other_errors_stay(tmp_path):
    with pytest.raises(OSError, match="directory"), locking(tmp_path):
        pass
