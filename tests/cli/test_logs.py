import os
import subprocess
import sys
import warnings

from PIL import Image
import pytest

from fast_style.cli.logs import short_warnings

LOG = """
import pathlib, sys
from absl import logging
import fast_style
from fast_style.cli.logs import show_log

show_log(only_progress={only_progress})
logging.info("of another library")
logging.warning("warned by another library")
folder = pathlib.Path(fast_style.__file__).parent
for name in ("training/run", "io/progress"):
    source = f"logging.info('first line of {{name}}\\\\nsecond')"
    exec(compile(source, folder / f"{{name}}.py", "exec"))
"""


@pytest.mark.parametrize(
    ("only_progress", "expected"),
    [
        (
            False,
            "warned by another library\n"
            "first line of training/run\nsecond\n"
            "first line of io/progress\nsecond\n",
        ),
        (True, "  warned by another library\n  first line of io/progress\n"),
    ],
)
def test_the_log_is_that_of_our_own_files(only_progress, expected):
    process = subprocess.run(
        [sys.executable, "-c", LOG.format(only_progress=only_progress)],
        capture_output=True,
        text=True,
        check=True,
    )

    assert process.stderr == expected


@pytest.mark.filterwarnings("default")
def test_a_warning_is_one_line_with_its_place(capsys):
    with short_warnings("fast-style train"):
        warnings.warn_explicit("it is old", FutureWarning, "mine.py", 3)

    expected = "fast-style train: it is old (mine.py, line 3)\n"
    assert capsys.readouterr().err == expected


@pytest.mark.filterwarnings("default")
def test_warnings_are_afterwards_as_before():
    with short_warnings("fast-style train"):
        pass

    with pytest.warns(FutureWarning, match="it is old"):
        warnings.warn("it is old", FutureWarning, stacklevel=1)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_any_name_is_printed_on_any_terminal(encoding, tmp_path):
    names = ["a東.png", os.fsdecode(b"b\xff.png"), "c.png", "d😀.png"]
    (tmp_path / "photos").mkdir()
    for name in names:
        Image.new("RGB", (20, 10)).save(tmp_path / "photos" / name)
    (tmp_path / "photos" / "e東.png").write_text("no picture")

    process = subprocess.run(
        [sys.executable, "-m", "fast_style.cli", "stylize", "--style=the_scream",
         "--output=東", "photos"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": os.getcwd()},
        capture_output=True,
        check=False,
    )  # fmt: skip

    assert process.returncode == 1, process.stderr  # The last of them.
    written = [path.name for path in (tmp_path / "東").iterdir()]
    assert sorted(written) == sorted(names)
    lines = process.stdout.decode(encoding).splitlines()
    assert len(lines) == len(names) + 1
    assert b"1 of 5 pictures failed" in process.stderr
