"""A trainer whose losses are set, and steps that it did not take."""

import keras
import numpy as np
import pytest

from fast_style.training.optimizers.making import make_optimizer
from fast_style.training.trainer import StyleTrainer


@pytest.fixture
def trainer():
    """Knows no style: what counts here is what it says of its steps."""
    generator = keras.Sequential([keras.Input((None, None, 3)), keras.layers.ReLU()])
    trainer = StyleTrainer(generator, None, num_recent_steps=72)
    trainer.compile(make_optimizer("adam", 0.25))
    trainer.optimizer.build(trainer.trainable_variables)
    return trainer


@pytest.fixture
def take_steps():
    """Function that lets a callback see steps of given losses."""

    def take(callback, trainer, first, last, content=0.0, style=0.0, tv=0.0):
        callback.set_model(trainer)
        for step in range(first, last + 1):
            recent = np.asarray(trainer.recent_terms)
            trainer.recent_terms.assign([*recent[1:], [content, style, tv]])
            callback.on_train_batch_end(step - 1 - callback.num_steps_done)

    return take
