import platform
import subprocess
import sys

import pytest

from fast_style import memory

# Takes and frees 200 MB ten times; prints how many pages Linux had to clear for it.
PROGRAM = """
import resource
import sys
import numpy as np
from fast_style.memory import keep_freed_memory
if "keep" in sys.argv:
    assert keep_freed_memory()
np.ones(50_000_000, "float32")
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    np.ones(50_000_000, "float32")
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def count_pages(*arguments):
    command = [sys.executable, "-c", PROGRAM, *arguments]
    return int(subprocess.run(command, check=True, capture_output=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="needs glibc")
def test_what_was_freed_is_taken_again_without_linux():
    assert count_pages("keep") < 0.1 * count_pages()


def test_another_c_library_is_left_alone(monkeypatch):
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: object())

    assert memory.keep_freed_memory() is False


def test_another_system_is_left_alone(monkeypatch):
    monkeypatch.setattr(memory.sys, "platform", "win32")

    assert memory.keep_freed_memory() is False
