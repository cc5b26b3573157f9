import json
import logging
import shlex
import shutil
import signal
import subprocess
import sys

import keras
import numpy as np
import pytest

from fast_style.cli.app import main
from fast_style.config.config_files import read_config
from fast_style.config.serialization import to_json
from fast_style.io.history import read_history
from fast_style.models.saving import load_generator
from fast_style.training import run
from fast_style.training.callbacks.making import make_callbacks
from fast_style.training.checkpoints import list_checkpoints
from fast_style.training.precision import choose_precision
from fast_style.training.run import train


def read_smoke(**changes):
    return read_config("smoke", [f"--config.{k}={v}" for k, v in changes.items()])


def read_weights(path):
    return load_generator(path).get_weights()


RESUMED = {
    "num_steps": 8, "log_every_steps": 3, "sample_every_steps": 8,
    "ema_momentum": 0.5, "learning_rate": 0.01,
}  # fmt: skip


class TestResuming:
    @pytest.fixture(scope="class")
    def whole_run(self, tmp_path_factory):
        """A run that was never stopped."""
        run = tmp_path_factory.mktemp("runs") / "whole"
        train(read_smoke(**RESUMED), run)
        return run

    def assert_ended_alike(self, run, whole_run):
        for one, other in zip(
            read_weights(run / "style.keras"),
            read_weights(whole_run / "style.keras"),
            strict=True,
        ):
            np.testing.assert_array_equal(one, other)
        one, other = (read_history(r / "history.csv") for r in (run, whole_run))
        assert one == other
        assert [row["step"] for row in one] == [3, 6, 8]

    def test_ctrl_c_saves_its_step_and_the_run_ends_as_if_never_stopped(
        self, whole_run, tmp_path, monkeypatch, capfd, caplog
    ):
        argv = ["train", "--config=smoke", f"--workdir={tmp_path / 'a run'}"]
        argv += [f"--config.{name}={value}" for name, value in RESUMED.items()]

        def make_callbacks_and_press_ctrl_c(*arguments):
            class PressCtrlC(keras.callbacks.Callback):
                def on_train_batch_end(self, batch, logs=None):
                    if batch + 1 == 4:
                        signal.raise_signal(signal.SIGINT)

            return [PressCtrlC(), *make_callbacks(*arguments)]

        with monkeypatch.context() as context:
            context.setattr(run, "make_callbacks", make_callbacks_and_press_ctrl_c)
            assert main([*argv, "--fresh"]) == 130

        checkpoints = list_checkpoints(tmp_path / "a run" / "checkpoints")
        assert [step for _, step in checkpoints] == [3, 4]
        command = capfd.readouterr().err.splitlines()[-1]
        assert shlex.split(command) == ["fast-style", *argv]

        assert main(argv) == 0
        assert "Going on after 4 steps" in caplog.text
        self.assert_ended_alike(tmp_path / "a run", whole_run)

    def test_a_run_stopped_before_its_style_was_written_only_writes_it(
        self, whole_run, tmp_path
    ):
        run = tmp_path / "run"
        shutil.copytree(whole_run, run)
        (run / "style.keras").unlink()

        train(read_smoke(**RESUMED), run)

        self.assert_ended_alike(run, whole_run)

    @pytest.mark.slow
    def test_a_killed_process_ends_as_one_that_was_never_killed(self, tmp_path):
        overrides = [
            "--config.num_steps=40", "--config.log_every_steps=5",
            "--config.sample_every_steps=40", "--config.ema_momentum=0.9",
            "--config.warmup_steps=10", "--config.learning_rate=0.01",
        ]  # fmt: skip
        code = (
            "import os, sys, keras\n"
            "from fast_style import cli\n"
            "from fast_style.training import run\n"
            "make_callbacks = run.make_callbacks\n"
            "class Kill(keras.callbacks.Callback):\n"
            "    def on_train_batch_end(self, batch, logs=None):\n"
            "        if batch + 1 == 17:\n"
            "            os.kill(os.getpid(), 9)\n"
            "run.make_callbacks = lambda *a: [*make_callbacks(*a), Kill()]\n"
            "cli.main(sys.argv[1:])\n"
        )
        argv = ["train", "--config=smoke", *overrides]
        killed, whole = tmp_path / "killed", tmp_path / "whole"

        process = subprocess.run(
            [sys.executable, "-c", code, *argv, f"--workdir={killed}"],
            capture_output=True,
            check=False,
        )
        assert process.returncode == -signal.SIGKILL
        finished = [
            subprocess.run(
                [sys.executable, "-m", "fast_style.cli", *argv, f"--workdir={run}"],
                capture_output=True,
                text=True,
                check=True,
            )
            for run in (killed, whole)
        ]

        assert "Going on after 15 steps" in finished[0].stderr
        for name in ("history.csv", "samples/step-00000040.png"):
            assert (killed / name).read_bytes() == (whole / name).read_bytes()
        for one, other in zip(
            read_weights(killed / "style.keras"),
            read_weights(whole / "style.keras"),
            strict=True,
        ):
            np.testing.assert_array_equal(one, other)

    def test_the_workdir_is_locked_before_photos_are_read(self, tmp_path, monkeypatch):
        def find_photos(config, *others):
            with pytest.raises(RuntimeError, match="Another training is running in"):
                train(config, tmp_path / "run")
            raise ValueError("that is all")

        monkeypatch.setattr(run, "find_train_images", find_photos)
        with pytest.raises(ValueError, match="that is all"):
            train(read_smoke(), tmp_path / "run")

    def test_a_finished_run_needs_its_photos_no_more(self, tmp_path, caplog):
        caplog.set_level(logging.INFO)
        config = read_smoke(train_images=str(tmp_path / "gone"))
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "config.json").write_text(to_json(config))
        (tmp_path / "run" / "style.keras").write_bytes(b"a style")

        path = train(config, tmp_path / "run")

        assert path.read_bytes() == b"a style"
        assert "is trained already" in caplog.text

    def test_another_config_is_refused_with_what_changed(self, trained_run):
        with pytest.raises(ValueError, match=r"Changed: style_weight 1\.0 to 7\.0"):
            train(read_smoke(style_weight=7), trained_run)

    def test_auto_precision_goes_on_as_the_run_began(self, trained_run, tmp_path):
        run = shutil.copytree(trained_run, tmp_path / "run")
        began = json.loads((run / "config.json").read_text())
        assert began["precision"] == "float32"
        began["precision"] = "mixed_bfloat16"  # As on another machine.
        (run / "config.json").write_text(json.dumps(began))

        path = train(read_smoke(precision="auto"), run)

        assert path == run / "style.keras"
        with pytest.raises(ValueError, match="precision 'mixed_bfloat16' to 'float32'"):
            train(read_smoke(precision="float32"), run)

    @pytest.mark.slow
    def test_the_config_says_what_auto_precision_was(self, tmp_path):
        (tmp_path / "config.json").write_text("of something else")  # No training's.

        train(read_smoke(precision="auto", num_steps=1), tmp_path)

        fields = json.loads((tmp_path / "config.json").read_text())
        assert fields["precision"] == choose_precision("auto") != "auto"

    def test_fresh_keeps_the_old_run_until_all_is_ready(self, trained_run, tmp_path):
        run = tmp_path / "run"
        shutil.copytree(trained_run, run)
        config = read_smoke(style_weight=7, train_images=tmp_path / "gone")

        with pytest.raises(FileNotFoundError, match="`train_images`"):
            train(config, run, fresh=True)

        assert (run / "style.keras").is_file()
        assert not (tmp_path / "run.1").exists()

    def test_fresh_begins_anew_and_moves_the_old_run_aside(self, trained_run, tmp_path):
        run = tmp_path / "run"
        shutil.copytree(trained_run, run)

        path = train(read_smoke(style_weight=7), run, fresh=True)

        old = trained_run / "style.keras"
        assert (tmp_path / "run.1" / "style.keras").read_bytes() == old.read_bytes()
        assert path.read_bytes() != old.read_bytes()
        assert [row["step"] for row in read_history(run / "history.csv")] == [1, 2]
