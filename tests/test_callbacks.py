import keras
import numpy as np
import pytest

from fast_style import callbacks
from fast_style.images import load_image


@pytest.fixture
def model():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.25), loss="mse")
    return model


def attach(callback, model):
    callback.set_model(model)
    return callback


class TestCheckpoints:
    def test_keeps_the_newest_under_their_step(self, model, tmp_path):
        callback = attach(
            callbacks.Checkpoints(tmp_path, steps_per_epoch=10, num_checkpoints=2),
            model,
        )
        for epoch in range(4):
            callback.on_epoch_end(epoch)

        steps = [step for _, step in callbacks.list_checkpoints(tmp_path)]
        assert steps == [30, 40]
        assert len(list(tmp_path.iterdir())) == 2

    def test_a_write_that_breaks_off_is_not_taken_for_a_checkpoint(
        self, model, tmp_path, monkeypatch
    ):
        callback = attach(
            callbacks.Checkpoints(tmp_path, steps_per_epoch=10, num_checkpoints=2),
            model,
        )
        callback.on_epoch_end(0)

        def break_off(path, **options):
            path.write_bytes(b"half a file")
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(model, "save_weights", break_off)
        with pytest.raises(OSError, match="No space left"):
            callback.on_epoch_end(1)

        ((path, step),) = callbacks.list_checkpoints(tmp_path)
        assert step == 10
        model.load_weights(path)

    def test_more_than_eight_digits_are_still_in_order(self, tmp_path):
        for step in ("00000500", "100000000", "00900000"):
            (tmp_path / f"step-{step}.weights.h5").touch()
        (tmp_path / "unfinished.weights.h5").touch()

        steps = [step for _, step in callbacks.list_checkpoints(tmp_path)]
        assert steps == [500, 900_000, 100_000_000]


class TestMetricsLog:
    def test_writes_a_line_per_epoch_and_a_curve(self, model, tmp_path):
        log = attach(callbacks.MetricsLog(tmp_path, steps_per_epoch=5), model)
        log.on_epoch_end(0, {"loss": 3.0, "content": 1.0, "style": 2.0, "tv": 0.0})
        log.on_epoch_end(1, {"loss": 2.0, "content": 1.0, "style": 1.0, "tv": 0.0})

        rows = callbacks.read_metrics(tmp_path / "metrics.csv")
        assert [row["step"] for row in rows] == [5, 10]
        assert [row["style"] for row in rows] == [2.0, 1.0]
        assert rows[0]["learning_rate"] == 0.25
        assert load_image(tmp_path / "loss_curve.png").std() > 1

    def test_going_on_drops_what_came_after_the_checkpoint(self, model, tmp_path):
        log = attach(callbacks.MetricsLog(tmp_path, steps_per_epoch=5), model)
        for epoch in range(3):
            log.on_epoch_end(epoch, {"loss": 10.0 - epoch})

        log = callbacks.MetricsLog(tmp_path, steps_per_epoch=5, num_steps_done=10)
        attach(log, model).on_epoch_end(2, {"loss": 1.0})

        rows = callbacks.read_metrics(tmp_path / "metrics.csv")
        assert [(row["step"], row["loss"]) for row in rows] == [
            (5, 10.0),
            (10, 9.0),
            (15, 1.0),
        ]


class TestSampleSheets:
    def test_shows_photo_and_stylized_image_of_each_photo(self, tmp_path):
        class Trainer(keras.Model):
            def generator(self, images, training):
                return 255.0 - images

        photos = [np.full((20, 30, 3), 50.0), np.full((20, 40, 3), 90.0)]
        sheets = callbacks.SampleSheets(
            tmp_path, photos, steps_per_epoch=5, every_steps=10
        )
        attach(sheets, Trainer())
        for epoch in range(4):
            sheets.on_epoch_end(epoch)

        names = sorted(path.name for path in tmp_path.iterdir())
        assert names == ["step-00000010.png", "step-00000020.png"]
        sheet = load_image(tmp_path / names[0])
        assert (sheet[5, 5, 0], sheet[5, 45, 0]) == (50, 205)
        assert (sheet[30, 5, 0], sheet[30, 60, 0]) == (90, 165)
