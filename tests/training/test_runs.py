import shutil

import pytest

from fast_style.cli.app import main
from fast_style.training.runs import list_runs
from fast_style.training.workdir import lock_workdir


class TestRuns:
    @pytest.fixture
    def folder(self, trained_run, tmp_path):
        shutil.copytree(trained_run, tmp_path / "a" / "done")
        shutil.copytree(trained_run, tmp_path / "stopped")
        (tmp_path / "stopped" / "style.keras").unlink()
        (tmp_path / "stopped" / "checkpoints" / "step-00000002.npz").unlink()
        shutil.copytree(trained_run, tmp_path / "torn")
        (tmp_path / "torn" / "config.json").write_text("{")
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "config.json").write_text("{}")
        return tmp_path

    def test_have_state_and_step(self, folder):
        with lock_workdir(folder / "stopped"):
            states = [
                (run.workdir.name, run.state, run.step) for run in list_runs(folder)
            ]
        assert states == [
            ("done", "done", 2), ("stopped", "running", 1), ("torn", "damaged", 0),
        ]  # fmt: skip

        assert [run.state for run in list_runs(folder)] == [
            "done",
            "stopped",
            "damaged",
        ]

    def test_are_listed_by_the_command(self, folder, capsys):
        assert main(["runs", str(folder)]) == 0

        header, done, stopped, _ = capsys.readouterr().out.splitlines()
        assert header.split() == ["training", "state", "step", "losses"]
        assert done.split()[:3] == [str(folder / "a" / "done"), "done", "2/2"]
        assert stopped.split()[1:3] == ["stopped", "1/2"]
        for name in ("loss", "content", "style", "tv"):
            assert f"{name} " in done
        assert "learning_rate" not in done

    def test_a_folder_without_any(self, tmp_path, capsys):
        assert main(["runs", str(tmp_path)]) == 0
        assert "no trainings" in capsys.readouterr().out

    def test_a_folder_that_is_not_there(self, tmp_path, capsys):
        assert main(["runs", str(tmp_path / "nowhere")]) == 1
        assert "`folder` must be a folder that exists" in capsys.readouterr().err
