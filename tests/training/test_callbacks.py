import signal
import types

import keras
import numpy as np
from PIL import Image
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from fast_style.io.history import read_history
from fast_style.io.images import load_image
from fast_style.training.callbacks.checkpoints import Checkpoints
from fast_style.training.callbacks.divergence_guard import DivergenceGuard
from fast_style.training.callbacks.history_log import HistoryLog
from fast_style.training.callbacks.progress import Progress
from fast_style.training.callbacks.sample_sheets import find_sheet
from fast_style.training.callbacks.sample_sheets import SampleSheets
from fast_style.training.callbacks.tensorboard_log import TensorBoardLog
from fast_style.training.checkpoints import list_checkpoints
from fast_style.training.divergence import DivergenceError
from fast_style.training.optimizers.making import make_optimizer
from fast_style.training.trainer import StyleTrainer

STEPS = {"num_steps": 20, "num_steps_done": 0}


@pytest.fixture
def trainer():
    """Knows no style: what counts here is what it says of its steps."""
    generator = keras.Sequential([keras.Input((None, None, 3)), keras.layers.ReLU()])
    trainer = StyleTrainer(generator, None, num_recent_steps=72)
    trainer.compile(make_optimizer("adam", 0.25))
    trainer.optimizer.build(trainer.trainable_variables)
    return trainer


def set_terms(trainer, content=0.0, style=0.0, tv=0.0):
    """Makes a step of given losses."""
    recent = np.asarray(trainer.recent_terms)
    trainer.recent_terms.assign([*recent[1:], [content, style, tv]])


def take_steps(callback, trainer, first, last, **terms):
    callback.set_model(trainer)
    for step in range(first, last + 1):
        set_terms(trainer, **terms)
        callback.on_train_batch_end(step - 1 - callback.num_steps_done)


class TestDivergenceGuard:
    def test_lets_good_steps_pass(self, trainer):
        take_steps(DivergenceGuard(2.0, **STEPS), trainer, 1, 20, style=1.0)

    def test_raises_in_the_step_that_leaps(self, trainer):
        guard = DivergenceGuard(2.0, **STEPS)
        take_steps(guard, trainer, 1, 23, style=1.0)

        with pytest.raises(DivergenceError, match=r"was 2\.2 times the") as raised:
            take_steps(guard, trainer, 24, 24, style=11.0)

        assert raised.value.step == 24

    def test_raises_at_a_gradient_that_is_no_number(self, trainer):
        trainer.optimizer.gradient_norm.assign(np.inf)

        with pytest.raises(DivergenceError, match="gradient's norm was inf"):
            take_steps(DivergenceGuard(2.0, **STEPS), trainer, 1, 1)


class TestMetricsLog:
    def test_writes_means_and_a_curve(self, trainer, tmp_path):
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

    def test_the_last_step_has_a_line_of_the_steps_since_the_one_before(
        self, trainer, tmp_path
    ):
        log = HistoryLog(tmp_path, every_steps=18, **STEPS)
        take_steps(log, trainer, 1, 18, style=3.0)
        take_steps(log, trainer, 19, 20, style=1.0)

        rows = read_history(tmp_path / "history.csv")
        assert [(row["step"], row["style"]) for row in rows] == [(18, 3.0), (20, 1.0)]

    def test_going_on_drops_what_came_after_the_checkpoint(self, trainer, tmp_path):
        log = HistoryLog(tmp_path, every_steps=5, **STEPS)
        take_steps(log, trainer, 1, 15, style=10.0)

        again = HistoryLog(tmp_path, every_steps=5, num_steps=20, num_steps_done=10)
        take_steps(again, trainer, 11, 15, style=1.0)

        rows = read_history(tmp_path / "history.csv")
        expected = [(5, 10.0), (10, 10.0), (15, 1.0)]
        assert [(row["step"], row["loss"]) for row in rows] == expected


class TestSampleSheets:
    PHOTOS = (np.full((20, 30, 3), 50.0), np.full((20, 40, 3), 90.0))

    def run(self, folder, generator):
        sheets = SampleSheets(folder, self.PHOTOS, every_steps=12, **STEPS)
        sheets.set_model(types.SimpleNamespace(generator=generator))
        for batch in range(20):
            sheets.on_train_batch_end(batch)

    def test_show_photo_and_stylized_image_of_each_photo(self, tmp_path):
        self.run(tmp_path, lambda images, training: 255.0 - images)

        names = sorted(path.name for path in tmp_path.iterdir())
        assert names == ["step-00000012.png", "step-00000020.png"]
        sheet = load_image(tmp_path / names[0])
        assert (sheet[5, 5, 0], sheet[5, 45, 0]) == (50, 205)
        assert (sheet[30, 5, 0], sheet[30, 60, 0]) == (90, 165)

    def test_warn_of_a_generator_that_has_collapsed(self, tmp_path, caplog):
        self.run(tmp_path, lambda images, training: 0.0 * images + 128.0)

        assert "samples are all of one colour" in caplog.text
        assert str(tmp_path / "step-00000012.png") in caplog.text


class TestTensorBoardLog:
    def write(self, trainer, folder, first, last, *, num_steps_done=0, **terms):
        log = TensorBoardLog(
            folder, folder / "samples", every_steps=5,
            num_steps=20, num_steps_done=num_steps_done,
        )  # fmt: skip
        take_steps(log, trainer, first, last, **terms)
        log.writer.close()

    def read(self, folder):
        events = EventAccumulator(str(folder))
        events.Reload()
        return events

    def test_has_each_term_rate_norm_and_sheets(self, trainer, tmp_path):
        sheet = find_sheet(tmp_path / "samples", 10)
        sheet.parent.mkdir()
        Image.new("RGB", (30, 20), "red").save(sheet)
        self.write(trainer, tmp_path, 1, 10, content=1.0, style=2.0)

        events = self.read(tmp_path)

        tags = {"loss", "content", "style", "tv", "learning_rate", "gradient_norm"}
        assert set(events.Tags()["scalars"]) == tags
        assert [(e.step, e.value) for e in events.Scalars("loss")] == [(5, 3), (10, 3)]
        (image,) = events.Images("samples")
        assert (image.step, image.width, image.height) == (10, 30, 20)
        assert image.encoded_image_string == sheet.read_bytes()

    def test_steps_that_were_lost_are_not_shown(self, trainer, tmp_path):
        self.write(trainer, tmp_path, 1, 15, style=9.0)
        # A file's name has the second in it, and they are read in that order.
        (path,) = tmp_path.glob("events*")
        path.rename(tmp_path / "events.out.tfevents.0000000001.first")
        self.write(trainer, tmp_path, 11, 15, num_steps_done=10, style=1.0)

        values = [(e.step, e.value) for e in self.read(tmp_path).Scalars("loss")]
        assert values == [(5, 9.0), (10, 9.0), (15, 1.0)]


class TestProgress:
    def test_elsewhere_than_on_a_terminal_is_a_line_at_times(self, trainer, caplog):
        caplog.set_level("INFO")
        steps = {"every_steps": 5, "num_steps": 20, "num_steps_done": 10}
        with Progress(2, **steps) as progress:
            take_steps(progress, trainer, 11, 20, content=1.0, style=2.0)

        first, second = caplog.messages
        assert first.startswith(
            "Step 15 of 20: loss 3.000, content 1.000, style 2.000, tv 0.000, "
        )
        assert "images/s, 0:00:0" in first
        assert second.startswith("Step 20 of 20")

    def test_on_a_terminal_is_a_bar(self, trainer, monkeypatch, capfd):
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("COLUMNS", "120")
        steps = {"every_steps": 5, "num_steps": 20, "num_steps_done": 10}
        with Progress(2, **steps) as progress:
            take_steps(progress, trainer, 11, 20, content=1.0, style=2.0)

        shown = capfd.readouterr().err
        assert "20/20" in shown
        assert "loss 3.000" in shown


class TestCheckpoints:
    def make(self, folder, **options):
        return Checkpoints(folder, num_checkpoints=2, every_steps=5, **STEPS, **options)

    def test_are_saved_at_times_and_after_the_last_step(self, trainer, tmp_path):
        take_steps(self.make(tmp_path), trainer, 1, 14)
        assert [step for _, step in list_checkpoints(tmp_path)] == [5, 10]

        take_steps(self.make(tmp_path), trainer, 15, 20)
        assert [step for _, step in list_checkpoints(tmp_path)] == [15, 20]

    @pytest.mark.parametrize(
        ("number", "error"),
        [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)],
    )
    def test_a_signal_saves_the_step_it_came_in(self, trainer, tmp_path, number, error):
        from fast_style.training.signals import StopSignal

        with StopSignal() as stop_signal:
            checkpoints = self.make(tmp_path, stop_signal=stop_signal)
            take_steps(checkpoints, trainer, 1, 6)
            signal.raise_signal(number)
            with pytest.raises(error):
                take_steps(checkpoints, trainer, 7, 7)

        assert [step for _, step in list_checkpoints(tmp_path)] == [5, 7]
