import subprocess
import sys

import pytest

NOISE = (
    "WARNING: All log messages before absl::InitializeLog() is called are written to "
    "STDERR\n"
    "I0000 00:00:1795483832.708091    2084 port.cc:153] oneDNN operations are on.\n"
    "E0000 00:00:1795483838.867173    2084 cuda_platform.cc:52] failed call to cuInit\n"
    "2026-01-02 03:04:05.678901: I tensorflow/core/util/port.cc:113] oneDNN is on.\n"
)
BLOCK = f"""
import os, sys
from fast_style.cli.quiet import startup_lines_held

with startup_lines_held():
    os.write(2, {NOISE!r}.encode())
    print("of Python", file=sys.stderr)
    {{last}}
os.write(2, b"afterwards\\n")
"""


def run(last):
    return subprocess.run(
        [sys.executable, "-c", BLOCK.format(last=last)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_lines_of_the_start_are_dropped_and_all_others_pass():
    process = run("pass")

    assert process.returncode == 0
    assert process.stderr == "of Python\nafterwards\n"


def test_a_line_without_an_end_is_not_lost():
    assert run("os.write(2, b'half')").stderr == "of Python\nhalfafterwards\n"


def test_if_the_block_raises_all_is_shown():
    process = run("raise ImportError('no such library')")

    assert process.returncode == 1
    assert process.stderr.startswith(f"of Python\n{NOISE}Traceback")
    assert "no such library" in process.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signals")
def test_if_the_process_is_ended_by_other_code_all_is_shown():
    fatal = "F0000 00:00:17 1 cpu.cc:1] This CPU is too old.\n"

    process = run(f"os.write(2, {fatal.encode()!r}); os.abort()")

    assert process.returncode < 0
    assert process.stderr == f"of Python\n{fatal}{NOISE}"


@pytest.mark.slow
@pytest.mark.parametrize("shows_lines", [False, True])
def test_tensorflow_starts_without_a_line_unless_asked(shows_lines):
    code = (
        "from fast_style.cli.quiet import load_tensorflow\n"
        f"load_tensorflow(shows_lines={shows_lines})\n"
        "import tensorflow as tf\n"
        "tf.config.list_logical_devices()\n"
    )

    process = subprocess.run(
        [sys.executable, "-c", code],
        env={"TF_CPP_MIN_LOG_LEVEL": "2" if not shows_lines else "0"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert bool(process.stderr) == shows_lines
