import json

import keras
from keras import ops
import numpy as np
import pytest

from fast_style import samples
from fast_style.config.config_files import read_config
from fast_style.io.history import read_history
from fast_style.io.images import load_image
from fast_style.models.saving import load_generator
from fast_style.training import making
from fast_style.training.checkpoints import list_checkpoints
from fast_style.training.checkpoints import load_checkpoint
from fast_style.training.making import make_trainer
from fast_style.training.run import train
from fast_style.training.workdir import read_divergences


def read_smoke(**changes):
    return read_config("smoke", [f"--config.{k}={v}" for k, v in changes.items()])


def read_weights(path):
    return load_generator(path).get_weights()


class TestWorkdir:
    def test_holds_all_that_was_promised(self, trained_run):
        for name in (
            "config.json", "history.csv", "loss_curve.png", "style.keras",
            "samples/step-00000002.png", "checkpoints/step-00000002.npz",
        ):  # fmt: skip
            assert (trained_run / name).is_file(), name
        assert list(trained_run.glob("tensorboard/events*"))
        assert {path.name for path in trained_run.glob(".*")} <= {".lock"}

    def test_the_config_is_resolved(self, trained_run):
        fields = json.loads((trained_run / "config.json").read_text())

        assert fields["num_steps"] == 2
        assert fields["style_weight"] == 1.0  # A default.

    def test_metrics_hold_each_term(self, trained_run):
        rows = read_history(trained_run / "history.csv")

        assert [row["step"] for row in rows] == [1, 2]
        for row in rows:
            assert tuple(row) == (
                "step", "loss", "content", "style", "tv",
                "learning_rate", "gradient_norm",
            )  # fmt: skip
            terms = row["content"] + row["style"] + row["tv"]
            assert row["loss"] == pytest.approx(terms, rel=1e-4)

    def test_the_style_is_the_generator_alone(self, trained_run):
        generator = load_generator(trained_run / "style.keras")

        assert generator.count_params() == 70_531
        assert getattr(generator, "optimizer", None) is None

    def test_sample_sheets_show_the_photo_beside_the_result(self, trained_run):
        sheet = load_image(trained_run / "samples" / "step-00000002.png")

        # The first photo is 64 wide and 48 high and scaled to the second's 64.
        with_gap = 85 + 4
        assert sheet.shape == (64 + 4 + 64, with_gap + 85, 3)
        photo, stylized = sheet[:64, :85], sheet[:64, with_gap:]
        expected = load_image(samples.CONTENT_IMAGE).mean(axis=(0, 1))
        assert np.abs(photo.mean(axis=(0, 1)) - expected).max() < 3
        assert np.abs(photo - stylized).mean() > 10


class TestDivergence:
    def inject(self, monkeypatch, is_bad):
        """Makes the style loss no number in the calls that `is_bad` names."""
        make_loss = making.make_perceptual_loss
        made = []
        num_calls = keras.Variable(0, dtype="int32", trainable=False)

        def make(*arguments, **options):
            loss = make_loss(*arguments, **options)
            made.append(loss)

            def compare(content, stylized):
                num_calls.assign_add(1)
                terms = loss(content=content, stylized=stylized)
                bad = ops.where(is_bad(num_calls), np.nan, terms["style"])
                return {**terms, "style": bad}

            compare.names = loss.names
            return compare

        monkeypatch.setattr(making, "make_perceptual_loss", make)
        return made

    @pytest.mark.slow
    def test_goes_back_halves_the_rate_and_goes_on(self, tmp_path, monkeypatch, caplog):
        losses = self.inject(monkeypatch, lambda call: call == 5)
        config = read_smoke(
            num_steps=6, sample_every_steps=6, log_every_steps=2,
            learning_rate=0.01, learning_rate_schedule="constant",
        )  # fmt: skip

        path = train(config, tmp_path / "run")

        (note,) = read_divergences(tmp_path / "run")
        reason = "the style loss was nan"
        # The checkpoint of step 4 is too near to be trusted.
        assert note == {"step": 5, "reason": reason, "back_to": 2}
        assert f"In step 5 {reason}. Back to step 2, on other photos" in caplog.text
        rows = read_history(tmp_path / "run" / "history.csv")
        assert [row["step"] for row in rows] == [2, 4, 6]
        rates = [row["learning_rate"] for row in rows]
        np.testing.assert_allclose(rates, [0.01, 0.005, 0.005])
        assert all(np.isfinite(values).all() for values in read_weights(path))
        assert len(losses) == 1  # It is not built again.

    @pytest.mark.slow
    def test_before_the_first_checkpoint_it_begins_anew(self, tmp_path, monkeypatch):
        self.inject(monkeypatch, lambda call: call == 2)
        config = read_smoke(num_steps=4, sample_every_steps=4, log_every_steps=4)

        path = train(config, tmp_path / "run")

        (note,) = read_divergences(tmp_path / "run")
        assert (note["step"], note["back_to"]) == (2, 0)
        assert all(np.isfinite(values).all() for values in read_weights(path))
        (checkpoint,) = (tmp_path / "run" / "checkpoints").iterdir()
        with np.load(checkpoint) as archive:
            assert archive["style_trainer/step"] == 4  # Those before do not count.

    def test_once_too_often_it_stops_and_says_what_to_try(self, tmp_path, monkeypatch):
        self.inject(monkeypatch, lambda call: call > 2)
        config = read_smoke(num_steps=4, sample_every_steps=4, max_divergences=0)

        with pytest.raises(
            RuntimeError,
            match=r"in step 3: the style loss was nan.* `--fresh` .* of 0\.0015, ",
        ):
            train(config, tmp_path / "run")

        assert not (tmp_path / "run" / "style.keras").exists()
        *_, (path, step) = list_checkpoints(tmp_path / "run" / "checkpoints")
        assert step == 2
        with np.load(path) as archive:
            assert all(np.isfinite(archive[name]).all() for name in archive.files)


class TestAverage:
    def test_the_style_has_the_moving_average_of_the_weights(self, tmp_path):
        config = read_smoke(ema_momentum=0.75, learning_rate=0.01)
        path = train(config, tmp_path / "run")

        steps = []
        for checkpoint, _ in list_checkpoints(tmp_path / "run" / "checkpoints"):
            trainer = make_trainer(config)
            load_checkpoint(trainer, checkpoint)
            steps.append(trainer.generator.get_weights())
        first, last = steps
        for average, one, other in zip(read_weights(path), first, last, strict=True):
            np.testing.assert_allclose(average, 0.75 * one + 0.25 * other, atol=1e-6)


class TestEarlyErrors:
    """Each comes before TensorFlow does any work, and leaves no workdir."""

    def test_an_empty_workdir_is_not_the_current_folder(self):
        with pytest.raises(ValueError, match=r"`workdir` must be a path\. Received"):
            train(read_smoke(), "")

    @pytest.mark.parametrize(
        ("changes", "error", "message"),
        [
            ({"style_image": "nowhere.jpg"}, FileNotFoundError, "`style_image` must"),
            ({"train_images": "nowhere"}, FileNotFoundError, "`train_images` must"),
            ({"batch_size": 0}, ValueError, "`batch_size` must be at least 1"),
            (
                {"terms.style.layers": "relu2_4"},
                ValueError,
                "`terms.style`: `layers` must be layers of",
            ),
        ],
    )
    def test_is_clear(self, tmp_path, changes, error, message):
        with pytest.raises(error, match=message):
            train(read_smoke(**changes), tmp_path / "run")

        assert not (tmp_path / "run").exists()

    def test_an_empty_photo_folder(self, tmp_path):
        (tmp_path / "photos").mkdir()

        with pytest.raises(ValueError, match="at least one picture"):
            train(read_smoke(train_images=tmp_path / "photos"), tmp_path / "run")

        # So that the right folder can be given in the next try.
        assert not (tmp_path / "run").exists()
