"""A trainer whose losses are set, and steps that it did not take."""

import types

import keras
import numpy as np
import pytest

from fast_style.training.optimizers.making import make_optimizer
from fast_style.training.trainer import StyleTrainer


@pytest.fixture
def make_trainer():
    """Makes a trainer whose loss has terms of given names.

    It knows no style: what counts here is what it says of its steps.
    """

    def make(*names):
        layers = [keras.Input((None, None, 3)), keras.layers.ReLU()]
        trainer = StyleTrainer(
            keras.Sequential(layers),
            types.SimpleNamespace(names=names),
            num_recent_steps=72,
        )
        trainer.compile(make_optimizer("adam", 0.25))
        trainer.optimizer.build(trainer.trainable_variables)
        return trainer

    return make


@pytest.fixture
def trainer(make_trainer):
    return make_trainer("content", "style", "tv")


@pytest.fixture
def take_steps():
    """Function that lets a callback see steps of given losses."""

    def take(callback, trainer, first, last, **losses):
        assert set(losses) <= set(trainer.names)
        newest = [losses.get(name, 0.0) for name in trainer.names]
        callback.set_model(trainer)
        for step in range(first, last + 1):
            recent = np.asarray(trainer.recent_terms)
            trainer.recent_terms.assign([*recent[1:], newest])
            callback.on_train_batch_end(step - 1 - callback.num_steps_done)

    return take
