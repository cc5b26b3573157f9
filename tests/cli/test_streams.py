import os
import subprocess
import sys
import threading

import numpy as np
from PIL import Image
import pytest

from fast_style.cli.streams import Streams


@pytest.fixture
def stylize(tmp_path):
    """Runs `fast-style stylize` in a folder with a photo, `a.png`, and its result."""
    photo = np.random.default_rng(0).integers(0, 256, (30, 40, 3), "uint8")
    Image.fromarray(photo).save(tmp_path / "a.png")

    def stylize(*words, **options):
        command = [sys.executable, "-m", "fast_style.cli", "stylize", *words]
        return subprocess.run(
            [*command, "--style=the_scream"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": os.getcwd()},
            capture_output=True,
            timeout=100,
            check=False,
            **options,
        )

    assert stylize("a.png", "--output=expected.png").returncode == 0
    return stylize


def read(path):
    with Image.open(path) as picture:
        return np.asarray(picture)


def test_pipes_are_read_once(stylize, tmp_path):
    data = (tmp_path / "a.png").read_bytes()
    os.mkfifo(tmp_path / "pipe.png")
    cases = {
        "-": {"input": data},
        "/dev/stdin": {"input": data},
        "pipe.png": {},
    }

    for number, (source, options) in enumerate(cases.items()):
        if not options:
            write = (tmp_path / "pipe.png").write_bytes
            threading.Thread(target=write, args=[data], daemon=True).start()
        process = stylize(source, f"--output={number}.png", **options)

        assert process.returncode == 0, process.stderr
        assert process.stdout.decode().startswith(f"{source} -> {number}.png (40x30, ")
        np.testing.assert_array_equal(
            read(tmp_path / f"{number}.png"), read(tmp_path / "expected.png")
        )


def test_from_standard_input_to_standard_output(stylize, tmp_path):
    data = (tmp_path / "a.png").read_bytes()

    process = stylize("-", "--output=-", "--format=png", input=data)

    assert process.stdout == (tmp_path / "expected.png").read_bytes()
    assert process.stderr.decode().startswith("- -> - (40x30, ")


def test_the_name_of_a_file_says_the_format_of_standard_output(stylize, tmp_path):
    process = stylize("a.png", "--output=-")

    assert process.stdout == (tmp_path / "expected.png").read_bytes()


@pytest.mark.parametrize(
    ("words", "data", "message"),
    [
        (("-", "--output=-"), b"", "`--format` must say what is written"),
        (("-", "--output=out/"), b"", "`--output` must be a picture, or `-`"),
        (("a.png", "b.png", "--output=-"), b"", "is for one picture"),
        ((".", "--output=-"), b"", "is for one picture"),
        (("-", "--output=b.png"), b"no picture", "standard_input', which is not one"),
        (("-", "--output=b.png"), b"", "standard_input', which is not one"),
    ],
)
def test_what_cannot_be_is_said(stylize, words, data, message, tmp_path):
    process = stylize(*words, input=data)

    assert process.returncode == 1
    assert message in process.stderr.decode()
    assert process.stdout == b""
    assert not (tmp_path / "b.png").exists()


def test_a_terminal_is_no_picture(monkeypatch):
    pty = pytest.importorskip("pty")
    ends = pty.openpty()
    with os.fdopen(ends[1], closefd=False) as terminal, Streams() as streams:
        monkeypatch.setattr(sys, "stdin", terminal)
        monkeypatch.setattr(sys, "stdout", terminal)
        with pytest.raises(ValueError, match=r"read .* Received: a terminal"):
            streams.take_source("-")
        with pytest.raises(ValueError, match=r"write .* Received: a terminal"):
            streams.take_target("-", ".png")
    for end in ends:
        os.close(end)


def test_files_stay_where_they_are(tmp_path):
    path = str(tmp_path / "a.png")
    with Streams() as streams:
        assert streams.take_source(path) == path
        assert streams.take_target(path, None) == path
        assert streams.name(path) == path
        assert streams.message_file is sys.stdout
