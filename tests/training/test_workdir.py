import logging
import os
import signal
import subprocess
import sys

import pytest

from fast_style.config.config_files import read_config
from fast_style.training.workdir import lock_workdir
from fast_style.training.workdir import move_aside
from fast_style.training.workdir import read_divergences
from fast_style.training.workdir import save_config
from fast_style.training.workdir import write_divergences


def read_smoke(**changes):
    return read_config("smoke", [f"--config.{k}={v}" for k, v in changes.items()])


def fill(workdir, config=None):
    """Makes what looks like a training that is done."""
    workdir.mkdir(parents=True)
    save_config(workdir, config or read_smoke())
    (workdir / "style.keras").write_bytes(b"a style")
    (workdir / "checkpoints").mkdir()
    (workdir / "checkpoints" / "step-00000002.npz").write_bytes(b"numbers")


class TestLock:
    def test_makes_the_workdir_and_removes_it_if_nothing_was_written(self, tmp_path):
        def fail():
            with lock_workdir(tmp_path / "runs" / "a"):
                assert (tmp_path / "runs" / "a").is_dir()
                raise ValueError("a mistake")

        with pytest.raises(ValueError, match="a mistake"):
            fail()

        assert not (tmp_path / "runs" / "a").exists()

    def test_keeps_a_workdir_that_was_there_or_has_something(self, tmp_path):
        (tmp_path / "old").mkdir()
        with lock_workdir(tmp_path / "old"):
            pass
        with lock_workdir(tmp_path / "new"):
            (tmp_path / "new" / "config.json").touch()

        assert (tmp_path / "old").is_dir()
        assert (tmp_path / "new" / "config.json").is_file()

    def test_refuses_a_second_one(self, tmp_path):
        with (
            lock_workdir(tmp_path),
            pytest.raises(RuntimeError, match="Another training is running in"),
            lock_workdir(tmp_path),
        ):
            pass

    def test_a_dead_process_does_not_hold_it(self, tmp_path):
        code = (
            "import pathlib, sys, time\n"
            "from fast_style.training.workdir import lock_workdir\n"
            "with lock_workdir(pathlib.Path(sys.argv[1])):\n"
            "    print('locked', flush=True); time.sleep(600)"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout.readline() == "locked\n"
        with (
            pytest.raises(RuntimeError, match="Another training"),
            lock_workdir(tmp_path),
        ):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()

        with lock_workdir(tmp_path):
            pass

    def test_removes_what_a_killed_process_left_half_written(self, tmp_path):
        left = tmp_path / "checkpoints" / ".step-00000002.npz.123-456"
        left.parent.mkdir()
        left.touch()

        with lock_workdir(tmp_path):
            assert not left.exists()

    def test_refuses_a_file(self, tmp_path):
        (tmp_path / "run").write_text("notes")

        with (
            pytest.raises(ValueError, match="`workdir` must be a folder"),
            lock_workdir(tmp_path / "run"),
        ):
            pass


class TestMoveAside:
    def test_moves_what_a_training_wrote_and_nothing_else(self, tmp_path, caplog):
        caplog.set_level(logging.INFO)
        run = tmp_path / "run"
        fill(run)
        (run / "style-1-steps.keras").write_bytes(b"a shorter one")
        (run / "notes.txt").write_text("mine")
        (tmp_path / "run.1").mkdir()

        target = move_aside(run)

        assert target == tmp_path / "run.2"
        assert sorted(os.listdir(target)) == [
            "checkpoints",
            "config.json",
            "inputs.json",
            "style-1-steps.keras",
            "style.keras",
        ]
        assert (target / "checkpoints" / "step-00000002.npz").read_bytes() == b"numbers"
        assert os.listdir(run) == ["notes.txt"]
        assert str(target) in caplog.text

    def test_nothing_is_moved_where_there_is_nothing(self, tmp_path):
        assert move_aside(tmp_path) is None


def test_divergences_are_kept(tmp_path):
    assert read_divergences(tmp_path) == []

    note = {"step": 7, "reason": "the style loss was nan", "back_to": 5}
    write_divergences(tmp_path, [note])

    assert read_divergences(tmp_path) == [note]
