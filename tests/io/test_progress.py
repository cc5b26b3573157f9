import io
import os
import pty
import subprocess
import sys
import tty

import pytest

from fast_style.io.progress import format_losses
from fast_style.io.progress import ProgressBar


def show(**options):
    with ProgressBar("photos", 40, completed=10, **options) as bar:
        for completed in range(11, 41):
            bar.update(completed, "loss 1.5")
    return bar


class TestProgressBar:
    def test_in_a_log_is_a_line_at_times_without_escape_codes(self, caplog, capfd):
        caplog.set_level("INFO")

        bar = show(line_seconds=0.0)

        assert not bar.is_bar
        assert len(caplog.messages) == 30
        assert caplog.messages[0].startswith("photos: 11 of 40, loss 1.5, 0:")
        assert caplog.messages[-1] == "photos: 40 of 40, loss 1.5, 0:00:00 left"
        shown = "".join(capfd.readouterr())
        assert "\x1b" not in shown + "".join(caplog.messages)
        assert "\r" not in shown

    @pytest.mark.parametrize("seconds", [60.0, None])
    def test_in_a_log_is_silent_in_between(self, caplog, seconds):
        caplog.set_level("INFO")

        show(line_seconds=seconds)

        assert caplog.messages == []

    def test_on_a_terminal_is_a_bar(self, monkeypatch, caplog):
        caplog.set_level("INFO")
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("COLUMNS", "100")
        reader, writer = pty.openpty()
        tty.setraw(writer)
        with os.fdopen(writer, "w") as terminal:
            monkeypatch.setattr(sys, "stderr", terminal)
            bar = show(line_seconds=0.0)
            shown = ""
            while "40/40" not in shown:
                shown += os.read(reader, 1000).decode(errors="ignore")
        os.close(reader)

        assert bar.is_bar
        assert "photos" in shown
        assert "40/40" in shown
        assert "loss 1.5" in shown
        assert caplog.messages == []

    @pytest.mark.parametrize("columns", [40, 60, 100])
    def test_a_narrow_window_shows_the_whole_count(self, monkeypatch, columns):
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(sys, "stderr", io.StringIO())

        with ProgressBar("step", 5000) as bar:
            bar.update(4321, "loss 0.6328, content 0.4082, style 0.1994, tv 0.02513")

        assert "4321/5000" in sys.stderr.getvalue()

    def test_shows_nothing_if_told_so(self, monkeypatch, capfd, caplog):
        caplog.set_level("INFO")
        monkeypatch.setenv("FORCE_COLOR", "1")  # As on a terminal.

        bar = show(line_seconds=0.0, is_shown=False)

        assert not bar.is_bar
        assert "".join(capfd.readouterr()) == ""
        assert caplog.messages == []


def test_losses_have_four_digits_whatever_their_size():
    losses = {"loss": 123456.0, "content": 1000.0, "style": 3.0, "tv": 0.00012345}

    text = format_losses(losses)

    assert text == "loss 1.235e+05, content 1000, style 3.000, tv 0.0001234"


# What a program that uses the library may have set up, and where lines go then.
SHOW = """
import logging, sys
{before}
from fast_style.io.progress import ProgressBar

with ProgressBar("photos", 3, line_seconds=0.0) as bar:
    for completed in range(1, 4):
        bar.update(completed)
assert not bar.is_bar
assert logging.getLogger().handlers == {handlers}
assert logging.getLogger().level == {level}
"""
NOTEBOOK = """
import builtins
class ZMQInteractiveShell: pass  # By whose name rich knows a notebook.
builtins.get_ipython = ZMQInteractiveShell
"""
SET_UP = """
from absl import logging as absl_logging
absl_logging.set_verbosity("info")
logging.basicConfig(format="logged %(message)s", level="INFO")
"""


def show_in_a_program(before, handlers="[]", level=30):
    code = SHOW.format(before=before, handlers=handlers, level=level)
    process = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout == ""
    return process.stderr.splitlines()


@pytest.mark.parametrize("before", ["", NOTEBOOK])
def test_who_has_set_up_no_log_sees_it_in_a_pipe_and_in_a_notebook(before):
    lines = show_in_a_program(before)

    assert [line.split(",")[0] for line in lines] == [
        f"photos: {number} of 3" for number in (1, 2, 3)
    ]


def test_a_log_that_shows_such_lines_gets_them():
    lines = show_in_a_program(SET_UP, "logging.getLogger().handlers", 20)

    assert [line.split(",")[0] for line in lines] == [
        f"logged photos: {number} of 3" for number in (1, 2, 3)
    ]


def test_who_wants_no_warnings_sees_nothing():
    quiet = "from absl import logging as a; a.set_verbosity('error')"

    assert show_in_a_program(quiet) == []
