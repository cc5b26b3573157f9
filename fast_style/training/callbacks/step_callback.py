"""The base of all callbacks that do something every so many steps."""

import keras


class StepCallback(keras.callbacks.Callback):
    """Calls `on_step` after every so many steps, and after the last one.

    Args:
        every_steps: Steps between two calls.
        num_steps: Of the whole training.
        num_steps_done: Where the training goes on.
    """

    def __init__(self, *, every_steps: int, num_steps: int, num_steps_done: int = 0):
        super().__init__()
        self.every_steps = every_steps
        self.num_steps = num_steps
        self.num_steps_done = num_steps_done

    def on_train_batch_end(self, batch, logs=None):
        if keras.backend.backend() == "jax":
            self.model.jax_state_sync()  # Until then variables hold what they held.
        step = self.num_steps_done + batch + 1
        if step % self.every_steps == 0 or step == self.num_steps:
            self.on_step(step)

    def on_step(self, step):
        raise NotImplementedError  # The base has no work of its own; each one does.
