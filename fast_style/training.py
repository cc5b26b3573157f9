"""Trains one generator for one style image, and goes on until it is done."""

import os
import pathlib

from absl import logging
import keras

from fast_style import workdir as workdirs
from fast_style.callbacks import Checkpoints
from fast_style.callbacks import DivergenceGuard
from fast_style.callbacks import MetricsLog
from fast_style.callbacks import Progress
from fast_style.callbacks import SampleSheets
from fast_style.callbacks import TensorBoardLog
from fast_style.checkpoints import list_checkpoints
from fast_style.checkpoints import restore_newest
from fast_style.config import check_paths
from fast_style.config import from_json
from fast_style.config import to_json
from fast_style.config import TrainConfig
from fast_style.generator import save_generator
from fast_style.guards import DivergenceError
from fast_style.guards import NUM_NEWEST
from fast_style.guards import StopSignal
from fast_style.images import load_sized
from fast_style.photo_scan import find_photos
from fast_style.photos import list_images
from fast_style.run_pages import write_run_page
from fast_style.styles import STYLE_FILE
from fast_style.trainer import make_trainer

_MAX_SAMPLES = 8


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
    path = workdir / STYLE_FILE
    with workdirs.lock_workdir(workdir):
        if not fresh:
            workdirs.check_workdir(workdir, config)
            if path.is_file():
                logging.info("%s is trained already.", path)
                return path
        check_paths(config)
        keras.utils.set_random_seed(config.seed)
        divergences = [] if fresh else workdirs.read_divergences(workdir)
        # Early, as it reads weights and style image.
        trainer = make_trainer(config, rate_factor=0.5 ** len(divergences))
        paths = _find_photos(config, workdir)
        samples = _load_samples(config, paths)
        if fresh:
            workdirs.move_aside(workdir)
        workdirs.save_config(workdir, config)
        while not _run(trainer, config, workdir, paths, samples):
            keras.utils.set_random_seed(config.seed)
            divergences = workdirs.read_divergences(workdir)
            trainer = make_trainer(config, rate_factor=0.5 ** len(divergences))
        save_generator(trainer.generator, path)
        logging.info("To look at: %s", write_run_page(workdir))
    return path


def _run(trainer, config, workdir, paths, samples):
    """Trains up to the end, or to a divergence, which is noted; says which."""
    done = restore_newest(trainer, workdir / workdirs.CHECKPOINT_FOLDER)
    if done == config.num_steps:
        # Stopped between its last step and the style; `fit` would do this.
        trainer.optimizer.finalize_variable_values(trainer.trainable_variables)
        return True
    divergences = workdirs.read_divergences(workdir)
    try:
        with (
            StopSignal() as stop_signal,
            make_progress(config, done) as progress,
        ):
            trainer.fit(
                # After a divergence other crops than those at which it happened.
                _make_dataset(config, paths, done, config.seed + len(divergences)),
                steps_per_epoch=config.num_steps - done,
                callbacks=[
                    progress,
                    *make_callbacks(config, workdir, samples, done, stop_signal),
                ],
                shuffle=False,  # The dataset shuffles; without this Keras warns.
                verbose=0,
            )
    except DivergenceError as error:
        _go_back(config, workdir, divergences, error)
        return False
    return True


def _go_back(config, workdir, divergences, error):
    rate = config.learning_rate * 0.5 ** len(divergences)
    if len(divergences) >= config.max_divergences:
        raise RuntimeError(
            f"The training diverged once more than {config.max_divergences} times, in "
            f"step {error.step}: {error.reason}. Its checkpoints are kept. Begin anew "
            f"with `--fresh` and a `learning_rate` of {rate / 2:.2g}, a lower weight "
            "of that term, or more `warmup_steps`."
        )
    checkpoints = list_checkpoints(workdir / workdirs.CHECKPOINT_FOLDER)
    # One that was saved while it had begun already would not help.
    if len(checkpoints) > 1 and error.step - checkpoints[-1][1] < NUM_NEWEST:
        checkpoints.pop()[0].unlink()
    back_to = checkpoints[-1][1] if checkpoints else 0
    note = {"step": error.step, "reason": error.reason, "back_to": back_to}
    workdirs.write_divergences(workdir, [*divergences, note])
    logging.warning(
        "In step %d %s. Back to step %d, on other photos and at half the learning "
        "rate, %.2g.",
        error.step,
        error.reason,
        back_to,
        rate / 2,
    )


def make_progress(config: TrainConfig, num_steps_done: int = 0) -> Progress:
    """Makes what shows how far a training is, to be entered around `fit`."""
    return Progress(
        config.batch_size,
        every_steps=config.log_every_steps,
        num_steps=config.num_steps,
        num_steps_done=num_steps_done,
    )


def make_callbacks(
    config: TrainConfig, workdir, samples, num_steps_done: int = 0, stop_signal=None
):
    """Makes all that watches over a training and writes into the workdir.

    Args:
        config: The training's config.
        workdir: Where to.
        samples: Photos for the sample sheets, RGB `(H, W, 3)` in [0, 255].
        num_steps_done: Where the training goes on.
        stop_signal: A `StopSignal`, or None.
    """
    steps = {"num_steps": config.num_steps, "num_steps_done": num_steps_done}
    log_steps = {"every_steps": config.log_every_steps, **steps}
    sheets = workdir / workdirs.SAMPLE_FOLDER
    return [
        DivergenceGuard(config.divergence_threshold, **steps),
        MetricsLog(workdir, **log_steps),
        SampleSheets(sheets, samples, every_steps=config.sample_every_steps, **steps),
        TensorBoardLog(workdir / workdirs.TENSORBOARD_FOLDER, sheets, **log_steps),
        Checkpoints(
            workdir / workdirs.CHECKPOINT_FOLDER,
            num_checkpoints=config.num_checkpoints,
            stop_signal=stop_signal,
            **log_steps,
        ),
    ]


def _load_samples(config, paths):
    num_samples = _MAX_SAMPLES if config.sample_images else 3
    if pathlib.Path(config.sample_images).is_dir() and config.sample_images:
        paths = list_images(config.sample_images)[0]
    elif config.sample_images:
        paths = [config.sample_images]
    samples = []
    for path in paths:
        try:
            samples.append(load_sized(path, config.sample_image_size))
        except ValueError as error:
            logging.warning("No sample for the sheets: %s", error)
        if len(samples) == num_samples:
            break
    if not samples:
        raise ValueError(
            "`sample_images` must be a picture or a folder with some. "
            f"Received: sample_images={config.sample_images!r}"
        )
    return samples


def _find_photos(config, workdir):
    photos = find_photos(
        config.train_images,
        coco_annotations=config.coco_annotations,
        coco_categories=config.coco_categories,
        min_image_size=config.min_image_size,
        cache=workdir / workdirs.PHOTOS_FILE,
    )
    # Skipped photos are worth a warning, which also shows without any set-up.
    log = logging.warning if photos.skipped else logging.info
    log("%s", photos.report())
    return photos.paths


def _make_dataset(config, paths, num_batches_done, seed):
    # Needs TensorFlow, which this module leaves to whoever trains with it.
    from fast_style.data import make_dataset

    return make_dataset(
        paths,
        image_size=config.image_size,
        batch_size=config.batch_size,
        seed=seed,
        min_crop_scale=config.min_crop_scale,
        num_batches_done=num_batches_done,
    )
