import itertools

import keras
import numpy as np
import pytest

from fast_style.config.config_files import read_config
from fast_style.training.checkpoints import read_state
from fast_style.training.checkpoints import write_state
from fast_style.training.making import make_trainer


def read_smoke(**changes):
    return read_config("smoke", [f"--config.{k}={v}" for k, v in changes.items()])


class TestStyleTrainer:
    def make(self, config):
        keras.utils.set_random_seed(0)
        return make_trainer(config)

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
        trainer = self.make(read_smoke(loss_jitter=3))
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


class TestRecentTerms:
    def test_hold_the_last_steps_with_the_newest_at_the_end(self, rng):
        trainer = make_trainer(read_smoke())
        photos, stylized = rng.uniform(0, 255, (2, 2, 32, 32, 3)).astype("float32")
        expected = []
        for _ in range(3):
            trainer.compute_loss(x=photos, y_pred=stylized, training=True)
            place = divmod(len(expected), 4)[::-1]  # Shifted by `loss_jitter` 3.
            cut = np.s_[:, place[0] : place[0] + 29, place[1] : place[1] + 29]
            terms = trainer.perceptual_loss(photos[cut], stylized[cut])
            expected.append([float(terms[n]) for n in ("content", "style", "tv")])
        trainer.compute_loss(x=photos, y_pred=stylized, training=False)

        recent = np.asarray(trainer.recent_terms)
        np.testing.assert_allclose(recent[-3:], expected, rtol=1e-5)
        np.testing.assert_array_equal(recent[:-3], 0.0)
        assert int(trainer.step) == 3


def test_a_rate_factor_counts_from_the_next_step_on(rng):
    trainer = make_trainer(read_smoke())
    crops = rng.uniform(0, 255, (2, 32, 32, 3)).astype("float32")
    start = read_state(trainer)

    def step():
        write_state(trainer, start)
        trainer.train_on_batch(crops)
        state = read_state(trainer)
        return {
            v.path: state[v.path] - start[v.path] for v in trainer.trainable_weights
        }

    whole = step()  # Which compiles the step.
    trainer.set_rate_factor(0.5)
    half = step()

    assert any(np.abs(change).max() > 1e-4 for change in whole.values())
    for path, change in whole.items():
        np.testing.assert_allclose(half[path], change / 2, rtol=1e-3, atol=1e-7)
