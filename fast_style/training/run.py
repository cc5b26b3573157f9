"""Trains one generator for one style image, and goes on until it is done."""

from contextlib import ExitStack
from contextlib import nullcontext
import functools
import os
import pathlib

from absl import logging
import keras

from fast_style.config.serialization import from_json
from fast_style.config.serialization import to_json
from fast_style.config.train_config import check_paths
from fast_style.config.train_config import TrainConfig
from fast_style.data.photo_scan import find_photos
from fast_style.data.samples import load_samples
from fast_style.models.catalog import STYLE_FILE
from fast_style.models.saving import save_generator
from fast_style.training import workdir as workdirs
from fast_style.training.callbacks.making import make_callbacks
from fast_style.training.callbacks.making import make_guard
from fast_style.training.callbacks.making import make_progress
from fast_style.training.checkpoints import find_checkpoint
from fast_style.training.checkpoints import list_checkpoints
from fast_style.training.checkpoints import load_checkpoint
from fast_style.training.checkpoints import restore_newest
from fast_style.training.distribution import make_devices
from fast_style.training.divergence import DivergenceError
from fast_style.training.divergence import NUM_NEWEST
from fast_style.training.making import make_trainer
from fast_style.training.memory import keep_freed_memory
from fast_style.training.precision import choose_precision
from fast_style.training.precision import HALF
from fast_style.training.run_page import write_run_page
from fast_style.training.signals import StopSignal


def train(
    config: TrainConfig, workdir: str | os.PathLike, *, fresh: bool = False
) -> pathlib.Path:
    """Trains as `config` says; goes on where an earlier call in `workdir` was.

    However it was stopped, a training that goes on ends with the same weights as
    one that never was (on a CPU, in float32).

    Args:
        config: All that decides how the training comes out.
        workdir: Gets the config, logs, sample sheets, checkpoints and at the
            end `style.keras`: the generator alone.
        fresh: Begins anew. What an earlier training wrote is moved into a new
            folder beside `workdir`.

    Returns:
        Path of the trained generator, a `.keras` file.

    Raises:
        FileNotFoundError: If a file or folder that `config` names is missing.
        ValueError: If `config` makes no sense, no photo is usable, or
            `workdir` holds a training with another config.
        RuntimeError: If another process trains in `workdir`, or the training
            diverges more than `config.max_divergences` times.
        OSError: If something cannot be written. The checkpoints stay.
        KeyboardInterrupt: After Ctrl-C, when the step is done and saved; after
            SIGTERM, SystemExit.
    """
    workdir = pathlib.Path(workdir)
    config = from_json(to_json(config))  # A checked copy that nobody else changes.
    keep_freed_memory()
    # Early, as TensorFlow wants its workers to meet before all else.
    devices = make_devices(config.distribute, config.batch_size)
    path = workdir / STYLE_FILE
    lock = workdirs.lock_workdir(workdir) if devices.is_chief else nullcontext()
    with lock, devices.watch():
        config.precision = _settle_precision(config, workdir, devices, fresh)
        if not fresh:
            workdirs.check_workdir(workdir, config)
            if devices.agree(path.is_file()):
                logging.info("%s is trained already.", path)
                return path
        check_paths(config)
        _Run(config, workdir, devices).train(fresh)
    return path


def _settle_precision(config, workdir, devices, fresh):
    """Chooses what "auto" is: as the training began, or by the chief's device."""
    precision = config.precision
    if precision == "auto" and not fresh:
        precision = workdirs.read_precision(workdir) or precision
    is_half = devices.agree(choose_precision(precision) == HALF)
    precision = HALF if is_half else "float32"
    logging.info("Computes in %s.", precision)
    return precision


class _Run:
    """A training on its way.

    Args:
        config: Checked.
        workdir: Locked, if this is the process that writes.
        devices: As `make_devices` gives them.
    """

    def __init__(self, config, workdir, devices):
        self.config = config
        self.workdir = workdir
        self.devices = devices
        self.checkpoints = workdir / workdirs.CHECKPOINT_FOLDER

    def train(self, fresh):
        """Trains up to the end, and writes the style."""
        # Early, as it reads weights and style image.
        num_divergences = self._count_divergences(fresh)
        trainer = self._make_trainer(num_divergences)
        paths = _find_photos(self.config, self.workdir, self.devices.is_chief)
        samples = load_samples(self.config, paths)
        if self.devices.is_chief:
            if fresh:
                workdirs.move_aside(self.workdir)
            workdirs.save_config(self.workdir, self.config)
        while error := self._fit(trainer, paths, samples, num_divergences):
            self._go_back(error, num_divergences)
            num_divergences = self._count_divergences()
            trainer = self._make_trainer(num_divergences)
        if self.devices.is_chief:
            save_generator(trainer.generator, self.workdir / STYLE_FILE)
            logging.info("To look at: %s", write_run_page(self.workdir))

    def _count_divergences(self, fresh=False):
        number = 0 if fresh else len(workdirs.read_divergences(self.workdir))
        return self.devices.agree(number)

    def _make_trainer(self, num_divergences):
        keras.utils.set_random_seed(self.config.seed)
        with self.devices.scope():
            return make_trainer(self.config, rate_factor=0.5**num_divergences)

    def _fit(self, trainer, paths, samples, num_divergences):
        """Returns the error at which the training diverged, or None at its end."""
        done = self._restore(trainer)
        if done == self.config.num_steps:
            # Stopped between its last step and the style; `fit` would do this.
            trainer.optimizer.finalize_variable_values(trainer.trainable_variables)
            return None
        # After a divergence other crops than those at which it happened.
        seed = self.config.seed + num_divergences
        dataset = _make_dataset(self.config, paths, done, seed, self.devices)
        with StopSignal() as stop_signal, ExitStack() as stack:
            if self.devices.is_chief:
                progress = stack.enter_context(make_progress(self.config, done))
                callbacks = [
                    progress,
                    *make_callbacks(
                        self.config, self.workdir, samples, done, stop_signal
                    ),
                ]
            else:
                callbacks = [make_guard(self.config, done)]  # Writes nothing.
            try:
                trainer.fit(
                    dataset,
                    steps_per_epoch=self.config.num_steps - done,
                    callbacks=callbacks,
                    shuffle=False,  # The dataset does; without this Keras warns.
                    verbose=0,
                )
            except DivergenceError as error:
                return error
        return None

    def _restore(self, trainer):
        if self.devices.is_chief:
            return self.devices.agree(restore_newest(trainer, self.checkpoints))
        done = self.devices.agree(0)
        if done:
            load_checkpoint(trainer, find_checkpoint(self.checkpoints, done))
        return done

    def _go_back(self, error, num_divergences):
        rate = self.config.learning_rate * 0.5**num_divergences
        if num_divergences >= self.config.max_divergences:
            raise RuntimeError(
                "The training diverged once more than "
                f"{self.config.max_divergences} times, in step {error.step}: "
                f"{error.reason}. Its checkpoints are kept. Begin anew with `--fresh` "
                f"and a `learning_rate` of {rate / 2:.2g}, a lower weight of that "
                "term, or more `warmup_steps`."
            )
        if not self.devices.is_chief:
            return
        found = list_checkpoints(self.checkpoints)
        # One that was saved while it had begun already would not help.
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


def _find_photos(config, workdir, is_chief):
    photos = find_photos(
        config.train_images,
        coco_annotations=config.coco_annotations,
        coco_categories=config.coco_categories,
        min_image_size=config.min_image_size,
        cache=workdir / workdirs.PHOTOS_FILE if is_chief else None,
    )
    # Skipped photos are worth a warning, which also shows without any set-up.
    log = logging.warning if photos.skipped else logging.info
    log("%s", photos.report())
    return photos.paths


def _make_dataset(config, paths, num_batches_done, seed, devices):
    try:
        from fast_style.data.crops import make_dataset
    except ImportError as error:
        raise ImportError(
            f"{error}. It reads the photos, for JAX too: pip install tensorflow. Or do "
            "without, with crops of your own and `trainer.make_trainer`: "
            "docs/training.md"
        ) from error

    return devices.distribute(
        functools.partial(
            make_dataset,
            paths,
            image_size=config.image_size,
            batch_size=config.batch_size,
            seed=seed,
            min_crop_scale=config.min_crop_scale,
            num_batches_done=num_batches_done,
        )
    )
