"""Trains a generator for a style image, from the first step or a checkpoint."""

from contextlib import ExitStack
from contextlib import nullcontext
import os
import pathlib

from absl import logging
import keras

from fast_style.config.paths import check_paths
from fast_style.config.serialization import from_json
from fast_style.config.serialization import to_json
from fast_style.config.train_config import TrainConfig
from fast_style.data.samples import load_samples
from fast_style.io.extras import is_installed
from fast_style.io.files import check_path
from fast_style.io.signals import StopSignal
from fast_style.models.catalog import STYLE_FILE
from fast_style.models.saving import save_generator
from fast_style.training import workdir as workdirs
from fast_style.training.callbacks.making import make_callbacks
from fast_style.training.callbacks.making import make_guard
from fast_style.training.callbacks.making import make_progress
from fast_style.training.checkpoints import find_checkpoint
from fast_style.training.checkpoints import list_checkpoints
from fast_style.training.checkpoints import load_checkpoint
from fast_style.training.checkpoints import read_state
from fast_style.training.checkpoints import restore_newest
from fast_style.training.checkpoints import write_state
from fast_style.training.config_check import check_workdir
from fast_style.training.distribution import make_devices
from fast_style.training.divergence import DivergenceError
from fast_style.training.divergence import NUM_NEWEST
from fast_style.training.inputs import find_train_images
from fast_style.training.inputs import make_batches
from fast_style.training.lengthening import is_longer
from fast_style.training.lengthening import make_longer
from fast_style.training.making import make_trainer
from fast_style.training.memory import keep_freed_memory
from fast_style.training.precision import choose_precision
from fast_style.training.precision import HALF
from fast_style.training.run_page import write_run_page

# What the packages of the extra "report" are needed for.
_REPORT = {
    "matplotlib": "loss curve",
    "jinja2": "page of the run",
    "tensorboard": "log for TensorBoard",
}


def train(
    config: TrainConfig, workdir: str | os.PathLike, *, fresh: bool = False
) -> pathlib.Path:
    """Trains a generator for a style, or resumes the training in `workdir`.

    However a training was stopped, it ends with the same weights as one that was not
    (on a CPU, in float32).

    Args:
        config: All settings of the training.
        workdir: Folder that gets the config, logs, sample sheets, checkpoints and at
            the end `style.keras`, the generator alone.
        fresh: Whether to begin anew. What an earlier training wrote is moved into a
            new folder beside `workdir`.

    Returns:
        Path of the trained generator, a `.keras` file.

    Raises:
        FileNotFoundError: If a file or folder that `config` names is missing.
        ValueError: If `config` is not valid, no photo is usable, or `workdir` has a
            training with another config. One of fewer steps goes on to more.
        RuntimeError: If another process trains in `workdir`, or the training
            diverges more than `config.max_divergences` times.
        OSError: If something cannot be written. The checkpoints are kept.
        KeyboardInterrupt: After Ctrl-C, once the step is done and saved.
        SystemExit: After SIGTERM, likewise.
    """
    workdir = check_path("workdir", workdir)
    config = from_json(to_json(config))  # A checked copy that the caller cannot change.
    keep_freed_memory()
    # Early, as TensorFlow's workers must connect before anything else.
    devices = make_devices(config.distribute, config.batch_size)
    path = workdir / STYLE_FILE
    lock = workdirs.lock_workdir(workdir) if devices.is_chief else nullcontext()
    with lock, devices.watch():
        config.precision = _settle_precision(config, workdir, devices, fresh)
        config.warmup_steps = _settle_warmup(config, workdir, fresh)
        if not fresh:
            check_workdir(workdir, config)
            if devices.agree(path.is_file() and not is_longer(workdir, config)):
                logging.info("%s is trained already.", path)
                return path
        check_paths(config)
        _Run(config, workdir, devices).train(fresh)
    return path


def _settle_precision(config, workdir, devices, fresh):
    """Resolves "auto": as the training began, else by the chief's device."""
    precision = config.precision
    if precision == "auto" and not fresh:
        precision = workdirs.read_field(workdir, "precision", precision)
    is_half = devices.agree(choose_precision(precision) == HALF)
    precision = HALF if is_half else "float32"
    logging.info("Computes in %s.", precision)
    return precision


def _settle_warmup(config, workdir, fresh):
    """Resolves -1: as the training began, which may go on to more steps."""
    if config.warmup_steps < 0 and not fresh:
        return workdirs.read_field(workdir, "warmup_steps", config.num_warmup_steps)
    return config.num_warmup_steps


class _Run:
    """Runs a training.

    Args:
        config: The checked config.
        workdir: Its folder, locked if this process writes.
        devices: What `make_devices` returned.
    """

    def __init__(self, config, workdir, devices):
        self.config = config
        self.workdir = workdir
        self.devices = devices
        self.checkpoints = workdir / workdirs.CHECKPOINT_FOLDER

    def train(self, fresh):
        """Trains to the end, and writes the style."""
        keras.utils.set_random_seed(self.config.seed)
        # Early, as it reads the weights and the style image.
        with self.devices.scope():
            self.trainer = make_trainer(self.config)
        self.first_state = self.devices.share(read_state(self.trainer))
        self.paths = find_train_images(self.config, self.workdir, self.devices.is_chief)
        self.samples = load_samples(self.config, self.paths)
        if self.devices.is_chief:
            _tell_what_is_missing()
            if fresh:
                workdirs.move_aside(self.workdir)
            make_longer(self.workdir, self.config)
            workdirs.save_config(self.workdir, self.config)
        while error := self._fit(self._count_divergences()):
            self._go_back(error, self._count_divergences())
        if self.devices.is_chief:
            save_generator(self.trainer.generator, self.workdir / STYLE_FILE)
            if is_installed("jinja2"):
                logging.info("To look at: %s", write_run_page(self.workdir))

    def _count_divergences(self):
        # Read by one: with `fresh` it may just be moving the old ones aside.
        is_chief = self.devices.is_chief
        found = workdirs.read_divergences(self.workdir) if is_chief else ()
        return self.devices.agree(len(found))

    def _fit(self, num_divergences):
        """Returns the error at which the training diverged, or None at its end."""
        done = self._restore()
        self.trainer.set_rate_factor(0.5**num_divergences)
        if done == self.config.num_steps:
            # Stopped after the last step, before the style was saved. `fit` does this.
            variables = self.trainer.trainable_variables
            self.trainer.optimizer.finalize_variable_values(variables)
            return None
        # After a divergence, other crops than those at which it happened.
        seed = self.config.seed + num_divergences
        batches = make_batches(self.config, self.paths, done, seed, self.devices)
        with StopSignal() as stop_signal, ExitStack() as stack:
            callbacks = self._make_callbacks(done, stop_signal, stack)
            try:
                self.trainer.fit(
                    batches,
                    steps_per_epoch=self.config.num_steps - done,
                    callbacks=callbacks,
                    shuffle=False,  # The dataset does; without this Keras warns.
                    verbose=0,
                )
            except DivergenceError as error:
                return error
        return None

    def _make_callbacks(self, done, stop_signal, stack):
        if not self.devices.is_chief:
            return [make_guard(self.config, done)]  # Writes nothing.
        progress = stack.enter_context(make_progress(self.config, done))
        return [
            progress,
            *make_callbacks(self.config, self.workdir, self.samples, done, stop_signal),
        ]

    def _restore(self):
        done = 0
        write_state(self.trainer, self.first_state)
        if self.devices.is_chief:
            done = restore_newest(self.trainer, self.checkpoints)
        done = self.devices.agree(done)
        if done and not self.devices.is_chief:
            load_checkpoint(self.trainer, find_checkpoint(self.checkpoints, done))
        return done

    def _go_back(self, error, num_divergences):
        rate = self.config.learning_rate * 0.5**num_divergences
        if num_divergences >= self.config.max_divergences:
            raise RuntimeError(
                "The training diverged more than "
                f"{self.config.max_divergences} times, the last time in step "
                f"{error.step}: "
                f"{error.reason}. Its checkpoints are kept. Begin anew with `--fresh` "
                f"and a `learning_rate` of {rate / 2:.2g}, a lower weight of that "
                "term, or more `warmup_steps`."
            )
        if not self.devices.is_chief:
            return
        found = list_checkpoints(self.checkpoints)
        # A checkpoint from when the divergence had already begun would not help.
        if len(found) > 1 and error.step - found[-1][1] < NUM_NEWEST:
            found.pop()[0].unlink()
        back_to = found[-1][1] if found else 0
        note = {"step": error.step, "reason": error.reason, "back_to": back_to}
        before = workdirs.read_divergences(self.workdir)
        workdirs.write_divergences(self.workdir, [*before, note])
        logging.warning(
            "In step %d %s. Back to step %d, on other photos and at half the learning "
            "rate, %.2g.",
            error.step,
            error.reason,
            back_to,
            rate / 2,
        )


def _tell_what_is_missing():
    missing = [package for package in _REPORT if not is_installed(package)]
    if missing:
        logging.info(
            "Without %s the training has no %s. For all of it: "
            'pip install "fast_style[report]"',
            " and ".join(missing),
            " and no ".join(_REPORT[package] for package in missing),
        )
