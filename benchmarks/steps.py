"""Single steps of a training, to be timed."""

import importlib.util
import pathlib
import subprocess
import sys

import numpy as np
import tensorflow as tf

from fast_style.training.making import make_trainer


def make_batch(config):
    shape = (config.batch_size, config.image_size, config.image_size, 3)
    return np.random.default_rng(0).uniform(0, 255, shape).astype("float32")


def make_step(config):
    """Makes a function that takes one step as `fit` does, without its callbacks."""
    trainer = make_trainer(config)
    trainer.make_train_function()
    batches = iter(tf.data.Dataset.from_tensors(make_batch(config)).repeat())

    def step():
        trainer.train_function(batches)
        return float(trainer.recent_terms[-1, 0])  # Waits for a GPU.

    return step


def make_bare_step(config):
    """Makes the same step with nothing of Keras' `fit` around it."""
    trainer = make_trainer(config)
    batch = tf.constant(make_batch(config))

    @tf.function(jit_compile=trainer.jit_compile)
    def step():
        with tf.GradientTape() as tape:
            stylized = trainer(batch, training=True)
            loss = trainer.compute_loss(x=batch, y_pred=stylized)
        variables = trainer.trainable_variables
        trainer.optimizer.apply(tape.gradient(loss, variables), variables)
        return loss

    return lambda: float(step())


def start_pytorch(*arguments):
    """Starts the PyTorch loop; returns a function that lets it take one step."""
    if importlib.util.find_spec("torch") is None:
        raise ImportError('PyTorch is missing: pip install ".[bench]"')
    script = pathlib.Path(__file__).with_name("pytorch_johnson.py")
    process = subprocess.Popen(
        [sys.executable, script, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def step():
        process.stdin.write("\n")
        process.stdin.flush()
        if not (answer := process.stdout.readline()):
            raise RuntimeError("The PyTorch loop ended; its error stands above.")
        return float(answer)

    return step
