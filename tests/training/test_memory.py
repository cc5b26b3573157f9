import platform
import subprocess
import sys
import types

import pytest

from fast_style.training import memory
from fast_style.training.memory import keep_freed_memory

# Takes and frees 200 MB ten times; prints how many pages Linux had to clear for it.
PROGRAM = """
import resource
import sys
import numpy as np
from fast_style.training.memory import keep_freed_memory
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


@pytest.mark.skipif(
    platform.libc_ver() < ("glibc", "2.35"), reason="needs a glibc that keeps 200 MB"
)
def test_what_was_freed_is_taken_again_without_linux():
    assert count_pages("keep") < 0.1 * count_pages()


@pytest.mark.parametrize(
    ("largest", "expected", "options"),
    [
        (2**31, True, {-3: 2**30, -1: 2**30}),
        (2**25, True, {-3: 2**25, -1: 2**30}),  # glibc 2.34
        (0, False, {}),  # Nothing is done by halves.
    ],
)
def test_takes_the_largest_threshold_that_is_allowed(
    monkeypatch, largest, expected, options
):
    done = {}

    def mallopt(option, value):
        if option == -3 and value > largest:
            return 0
        done[option] = value
        return 1

    library = types.SimpleNamespace(mallopt=mallopt)
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: library)

    assert keep_freed_memory() is expected
    assert done == options


def test_another_c_library_is_left_alone(monkeypatch):
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: object())

    assert keep_freed_memory() is False


def test_another_system_is_left_alone(monkeypatch):
    monkeypatch.setattr(memory.sys, "platform", "win32")

    assert keep_freed_memory() is False
