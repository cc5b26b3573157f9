import itertools
import json
import logging
import shutil
import signal
import subprocess
import sys
import time

import keras
import numpy as np
from PIL import Image
import pytest

from fast_style import samples
from fast_style import training
from fast_style.callbacks import list_checkpoints
from fast_style.callbacks import read_metrics
from fast_style.config import to_json
from fast_style.config_files import read_config
from fast_style.generator import load_generator
from fast_style.images import load_image


def read_smoke(**changes):
    return read_config("smoke", [f"--config.{k}={v}" for k, v in changes.items()])


def read_weights(path):
    return load_generator(path).get_weights()


class TestStyleTrainer:
    def make(self, config):
        keras.utils.set_random_seed(0)
        return training.make_trainer(config)

    def test_fit_lowers_the_loss_on_one_batch(self, rng):
        trainer = self.make(
            read_smoke(learning_rate=0.01, learning_rate_schedule="constant")
        )
        batch = rng.uniform(0, 255, (2, 32, 32, 3)).astype("float32")

        before = trainer.evaluate(batch, verbose=0, return_dict=True)
        trainer.fit(np.tile(batch, (20, 1, 1, 1)), batch_size=2, verbose=0)
        after = trainer.evaluate(batch, verbose=0, return_dict=True)

        assert after["loss"] < 0.8 * before["loss"]

    def test_the_logged_loss_is_the_sum_of_its_terms(self, rng):
        trainer = self.make(read_smoke())
        batch = rng.uniform(0, 255, (2, 32, 32, 3)).astype("float32")

        logs = trainer.evaluate(batch, verbose=0, return_dict=True)

        terms = trainer.perceptual_loss(content=batch, stylized=trainer(batch))
        expected = {name: float(value) for name, value in terms.items()}
        assert logs["loss"] == pytest.approx(sum(expected.values()), rel=1e-4)
        for name, value in expected.items():
            assert logs[name] == pytest.approx(value, rel=1e-4)

    def test_crops_are_compared_from_another_place_in_each_step(self, rng):
        trainer = self.make(read_smoke(loss_shift=3))
        photos, stylized = rng.uniform(0, 255, (2, 2, 32, 32, 3)).astype("float32")

        for step, (top, left) in {0: (0, 0), 2: (2, 0), 7: (3, 1), 16: (0, 0)}.items():
            trainer.step.assign(step)
            loss = trainer.compute_loss(x=photos, y_pred=stylized, training=True)
            cut = np.s_[:, top : top + 29, left : left + 29]
            terms = trainer.perceptual_loss(photos[cut], stylized[cut])
            expected = sum(float(value) for value in terms.values())
            assert float(loss) == pytest.approx(expected, rel=1e-5)

    def test_noise_lies_elsewhere_in_each_step_and_nowhere_else_afterwards(self, rng):
        trainer = self.make(read_smoke())
        photos = rng.uniform(0, 255, (1, 32, 32, 3)).astype("float32")
        still = np.asarray(trainer.generator(photos))

        seen = []
        for step in (1, 2, 300_000):
            trainer.step.assign(step)
            seen.append(np.asarray(trainer(photos, training=True)))

        for one, other in itertools.combinations([still, *seen], 2):
            assert np.abs(one - other).max() > 1.0
        np.testing.assert_array_equal(trainer(photos), still)

    def test_bfloat16_gives_nearly_the_same_loss(self, rng):
        batch = rng.uniform(0, 255, (2, 32, 32, 3)).astype("float32")

        exact, rounded = (
            self.make(read_smoke(precision=precision)).evaluate(
                batch, verbose=0, return_dict=True
            )
            for precision in ("float32", "mixed_bfloat16")
        )

        assert rounded["loss"] == pytest.approx(exact["loss"], rel=0.05)

    def test_only_the_generator_is_trained(self):
        trainer = self.make(read_smoke())

        trained = {id(v) for v in trainer.trainable_variables}
        assert trained == {id(v) for v in trainer.generator.trainable_variables}

    @pytest.mark.parametrize(
        ("schedule", "expected"),
        [("constant", [0.0, 1e-2, 1e-2, 1e-2]), ("cosine", [0.0, 1e-2, 5e-3, 0.0])],
    )
    def test_the_learning_rate_follows_its_schedule(self, schedule, expected):
        config = read_smoke(
            learning_rate=1e-2,
            learning_rate_schedule=schedule,
            warmup_steps=10,
            num_steps=110,
        )
        rate = self.make(config).optimizer._learning_rate

        actual = [float(rate(step)) for step in (0, 10, 60, 110)]
        np.testing.assert_allclose(actual, expected, atol=1e-8)


class TestWorkdir:
    def test_holds_all_that_was_promised(self, trained_run):
        for name in (
            "config.json", "metrics.csv", "loss_curve.png", "style.keras",
            "samples/step-00000002.png", "checkpoints/step-00000002.weights.h5",
        ):  # fmt: skip
            assert (trained_run / name).is_file(), name
        assert list(trained_run.glob("tensorboard/*/events*"))
        assert {path.name for path in trained_run.glob(".*")} <= {".lock"}

    def test_the_config_is_resolved(self, trained_run):
        fields = json.loads((trained_run / "config.json").read_text())

        assert fields["num_steps"] == 2
        assert fields["style_weight"] == 1.0  # A default.

    def test_metrics_hold_each_term(self, trained_run):
        rows = read_metrics(trained_run / "metrics.csv")

        assert [row["step"] for row in rows] == [1, 2]
        for row in rows:
            terms = row["content"] + row["style"] + row["tv"]
            assert row["loss"] == pytest.approx(terms, rel=1e-4)

    def test_tensorboard_has_each_term(self, trained_run):
        from tensorboard.backend.event_processing.event_file_loader import (
            EventFileLoader,
        )

        (path,) = trained_run.glob("tensorboard/train/events*")
        tags = {
            v.tag for e in EventFileLoader(str(path)).Load() for v in e.summary.value
        }

        assert {"epoch_loss", "epoch_content", "epoch_style", "epoch_tv"} <= tags

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


class TestResuming:
    def test_a_stopped_run_ends_as_one_that_was_never_stopped(self, tmp_path):
        config = read_smoke(num_steps=4, sample_every_steps=4)
        whole = training.train(config, tmp_path / "whole")

        run = tmp_path / "stopped"
        shutil.copytree(tmp_path / "whole", run)
        (run / "style.keras").unlink()
        for path, step in list_checkpoints(run / "checkpoints"):
            if step > 3:
                path.unlink()
        again = training.train(config, run)

        for expected, actual in zip(
            read_weights(whole), read_weights(again), strict=True
        ):
            np.testing.assert_array_equal(actual, expected)
        rows = read_metrics(run / "metrics.csv")
        assert [row["step"] for row in rows] == [1, 2, 3, 4]

    @pytest.mark.slow
    def test_a_killed_process_goes_on_where_it_was(self, tmp_path):
        argv = [
            sys.executable, "-m", "fast_style.cli", "train", "--config=smoke",
            "--config.num_steps=12", "--config.sample_every_steps=12",
            f"--workdir={tmp_path / 'run'}",
        ]  # fmt: skip
        process = subprocess.Popen(argv, stdout=subprocess.DEVNULL)
        while len(list_checkpoints(tmp_path / "run" / "checkpoints")) < 2:
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
        before = list_checkpoints(tmp_path / "run" / "checkpoints")[-1][1]
        assert before < 12

        finished = subprocess.run(argv, capture_output=True, text=True, check=True)

        assert f"Going on after {before} steps" in finished.stderr
        assert (tmp_path / "run" / "style.keras").is_file()
        rows = read_metrics(tmp_path / "run" / "metrics.csv")
        assert [row["step"] for row in rows] == list(range(1, 13))

    @pytest.mark.parametrize(
        "damage",
        [
            lambda data: data[:1000],
            lambda data: data[:600] + bytes(4096) + data[4696:],
            lambda data: data[:-9000] + bytes(4096) + data[-4904:],
        ],
        ids=["cut short", "early block lost", "late block lost"],
    )
    def test_a_damaged_checkpoint_gives_way_to_the_one_before(
        self, trained_run, tmp_path, caplog, damage
    ):
        run = tmp_path / "run"
        shutil.copytree(trained_run, run)
        (older, _), (newest, _) = list_checkpoints(run / "checkpoints")
        newest.write_bytes(damage(newest.read_bytes()))
        whole, restored = (training.make_trainer(read_smoke()) for _ in range(2))
        whole.load_weights(older)

        num_steps_done = training._restore(restored, run)

        assert num_steps_done == 1
        assert "step-00000002.weights.h5 is damaged" in caplog.text
        for one, other in zip(whole.variables, restored.variables, strict=True):
            np.testing.assert_array_equal(one, other)

    def test_a_second_training_in_the_same_workdir_is_refused(self, tmp_path, caplog):
        caplog.set_level(logging.INFO)
        with (
            training._lock(tmp_path / "run"),
            pytest.raises(RuntimeError, match="Another training is running in"),
        ):
            training.train(read_smoke(), tmp_path / "run")

        assert not (tmp_path / "run" / "config.json").exists()
        assert "Photos:" not in caplog.text

    def test_what_another_training_did_meanwhile_is_heeded(
        self, trained_run, tmp_path, monkeypatch
    ):
        find_photos = training._find_photos

        def wait_for_another(config):
            shutil.copytree(trained_run, tmp_path / "run")
            return find_photos(config)

        monkeypatch.setattr(training, "_find_photos", wait_for_another)
        with pytest.raises(ValueError, match=r"style_weight 1\.0 to 7\.0"):
            training.train(read_smoke(style_weight=7), tmp_path / "run")

        old = (trained_run / "config.json").read_bytes()
        assert (tmp_path / "run" / "config.json").read_bytes() == old

    def test_a_finished_run_needs_its_photos_no_more(self, tmp_path):
        config = read_smoke(train_images=str(tmp_path / "gone"))
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "config.json").write_text(to_json(config))
        (tmp_path / "run" / "style.keras").write_bytes(b"a style")

        path = training.train(config, tmp_path / "run")

        assert path.read_bytes() == b"a style"

    def test_a_workdir_that_is_a_file_is_refused(self, tmp_path):
        (tmp_path / "run").write_text("notes")

        with pytest.raises(ValueError, match="`workdir` must be a folder"):
            training.train(read_smoke(), tmp_path / "run")

    def test_a_loss_that_is_no_number_stops_the_training(self, tmp_path):
        config = read_smoke(learning_rate=1e30)

        with pytest.raises(RuntimeError, match=r"The loss is nan .* lower"):
            training.train(config, tmp_path / "run")

        assert not (tmp_path / "run" / "style.keras").exists()

    def test_a_finished_run_is_left_as_it_is(self, trained_run, caplog):
        caplog.set_level(logging.INFO)
        before = (trained_run / "style.keras").stat().st_mtime_ns

        path = training.train(read_smoke(), trained_run)

        assert path == trained_run / "style.keras"
        assert path.stat().st_mtime_ns == before
        assert "is trained already" in caplog.text

    def test_another_config_is_refused_with_what_changed(self, trained_run):
        with pytest.raises(ValueError, match=r"Changed: style_weight 1\.0 to 7\.0"):
            training.train(read_smoke(style_weight=7), trained_run)


class TestAverage:
    def test_the_style_has_the_moving_average_of_the_weights(self, tmp_path):
        config = read_smoke(ema_momentum=0.75, learning_rate=0.01)
        path = training.train(config, tmp_path / "run")

        steps = []
        for checkpoint, _ in list_checkpoints(tmp_path / "run" / "checkpoints"):
            trainer = training.make_trainer(config)
            trainer.load_weights(checkpoint)
            steps.append(trainer.generator.get_weights())
        first, last = steps
        for average, one, other in zip(read_weights(path), first, last, strict=True):
            np.testing.assert_allclose(average, 0.75 * one + 0.25 * other, atol=1e-6)


class TestStyleImage:
    @pytest.mark.parametrize(("size", "is_told"), [(90, False), (200, True)])
    def test_a_painting_that_is_enlarged_is_told_of(
        self, tmp_path, rng, caplog, size, is_told
    ):
        pixels = rng.integers(0, 256, (60, 80, 3), dtype="uint8")
        Image.fromarray(pixels).save(tmp_path / "small.png")

        training.make_trainer(
            read_smoke(style_image=str(tmp_path / "small.png"), style_image_size=size)
        )

        assert ("style_image_size=80" in caplog.text) == is_told


class TestEarlyErrors:
    """Each comes before TensorFlow does any work, and leaves no workdir."""

    @pytest.mark.parametrize(
        ("changes", "error", "message"),
        [
            ({"style_image": "nowhere.jpg"}, FileNotFoundError, "`style_image` must"),
            ({"train_images": "nowhere"}, FileNotFoundError, "`train_images` must"),
            ({"batch_size": 0}, ValueError, "`batch_size` must be at least 1"),
            ({"style_layers": "relu2_4"}, ValueError, "Layers of vgg16 are"),
        ],
    )
    def test_is_clear(self, tmp_path, changes, error, message):
        with pytest.raises(error, match=message):
            training.train(read_smoke(**changes), tmp_path / "run")

        assert not (tmp_path / "run").exists()

    def test_an_empty_photo_folder(self, tmp_path):
        (tmp_path / "photos").mkdir()

        with pytest.raises(ValueError, match="at least one picture"):
            training.train(
                read_smoke(train_images=tmp_path / "photos"), tmp_path / "run"
            )

        # So that the right folder can be given in the next try.
        assert not (tmp_path / "run").exists()
