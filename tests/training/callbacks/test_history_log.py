import pytest

from fast_style.io.history import read_history
from fast_style.io.images import load_image
from fast_style.training.callbacks.history_log import HistoryLog

STEPS = {"num_steps": 20, "num_steps_done": 0}


class TestHistoryLog:
    def test_writes_means_and_a_curve(self, take_steps, trainer, tmp_path):
        log = HistoryLog(tmp_path, every_steps=5, **STEPS)
        trainer.optimizer.gradient_norm.assign(7.0)
        take_steps(log, trainer, 1, 5, content=1.0, style=2.0)
        take_steps(log, trainer, 6, 8, content=1.0, style=1.0, tv=0.5)
        take_steps(log, trainer, 9, 10, content=1.0, style=2.0, tv=0.5)

        rows = read_history(tmp_path / "history.csv")
        assert [row["step"] for row in rows] == [5, 10]
        assert [row["style"] for row in rows] == [2.0, pytest.approx(7 / 5)]
        assert [row["loss"] for row in rows] == [3.0, pytest.approx(1 + 7 / 5 + 0.5)]
        assert (rows[0]["learning_rate"], rows[0]["gradient_norm"]) == (0.25, 7.0)
        assert load_image(tmp_path / "loss_curve.png").std() > 1

    def test_each_term_of_the_loss_has_its_column(
        self, take_steps, make_trainer, tmp_path
    ):
        trainer = make_trainer("content", "outlines", "strokes", "motifs", "tv")
        log = HistoryLog(tmp_path, every_steps=10, **STEPS)
        take_steps(
            log, trainer, 1, 10, content=1.0, outlines=2.0, strokes=4.0, motifs=8.0
        )

        text = (tmp_path / "history.csv").read_text()
        assert text.splitlines()[0] == (
            "step,loss,content,outlines,strokes,motifs,tv,learning_rate,gradient_norm"
        )
        (row,) = read_history(tmp_path / "history.csv")
        assert list(row.values())[:7] == [10, 15.0, 1.0, 2.0, 4.0, 8.0, 0.0]

    def test_the_last_step_has_a_line_of_the_steps_since_the_one_before(
        self, take_steps, trainer, tmp_path
    ):
        log = HistoryLog(tmp_path, every_steps=18, **STEPS)
        take_steps(log, trainer, 1, 18, style=3.0)
        take_steps(log, trainer, 19, 20, style=1.0)

        rows = read_history(tmp_path / "history.csv")
        assert [(row["step"], row["style"]) for row in rows] == [(18, 3.0), (20, 1.0)]

    def test_going_on_drops_what_came_after_the_checkpoint(
        self, take_steps, trainer, tmp_path
    ):
        log = HistoryLog(tmp_path, every_steps=5, **STEPS)
        take_steps(log, trainer, 1, 15, style=10.0)

        again = HistoryLog(tmp_path, every_steps=5, num_steps=20, num_steps_done=10)
        take_steps(again, trainer, 11, 15, style=1.0)

        rows = read_history(tmp_path / "history.csv")
        expected = [(5, 10.0), (10, 10.0), (15, 1.0)]
        assert [(row["step"], row["loss"]) for row in rows] == expected
