"""The base class of callbacks that act every so many steps."""

import keras


class StepCallback(keras.callbacks.Callback):
    """Calls `on_step` every so many steps, and after the last one.

    Args:
        every_steps: Number of steps between two calls.
        num_steps: Number of steps of the whole training.
        num_steps_done: Number of steps done before `fit`.
    """

    def __init__(self, *, every_steps: int, num_steps: int, num_steps_done: int = 0):
        super().__init__()
        self.every_steps = every_steps
        self.num_steps = num_steps
        self.num_steps_done = num_steps_done

    def on_train_batch_end(self, batch, logs=None):
        if keras.backend.backend() == "jax":
            self.model.jax_state_sync()  # Until then the variables are the old ones.
        step = self.num_steps_done + batch + 1
        if step % self.every_steps == 0 or step == self.num_steps:
            self.on_step(step)

    def on_step(self, step):
        raise NotImplementedError  # Each subclass has its own.
