"""Trains one generator for one style image."""

import contextlib
import json
import os
import pathlib

from absl import logging
import filelock
import keras
from keras import ops

from fast_style.callbacks import Checkpoints
from fast_style.callbacks import list_checkpoints
from fast_style.callbacks import MetricsLog
from fast_style.callbacks import SampleSheets
from fast_style.config import check_paths
from fast_style.config import from_json
from fast_style.config import to_json
from fast_style.config import TrainConfig
from fast_style.files import replacing
from fast_style.generator import build_generator
from fast_style.generator import save_generator
from fast_style.images import load_image
from fast_style.images import load_sized
from fast_style.layers import shifted_noise
from fast_style.optimizers import Muon
from fast_style.perceptual_loss import make_perceptual_loss
from fast_style.styles import STYLE_FILE

CONFIG_FILE = "config.json"
CHECKPOINT_FOLDER = "checkpoints"
OPTIMIZERS = {"muon": Muon, "adam": keras.optimizers.Adam}
_MAX_SAMPLES = 8
_ENLARGED_VISIBLY = 1.25


class StyleTrainer(keras.Model):
    """Trains a generator with `fit` on content images alone.

    Args:
        generator: Model from images to stylized images.
        perceptual_loss: Callable `(content, stylized)` to a dict of weighted
            scalar terms. A plain object on purpose: Keras saves what hangs
            on its own classes, and would put VGG16 into every checkpoint.
        loss_shift: Pixels that crops lose before they are compared: from 0 to
            this many at the top and at the left, another pair in each step.
    """

    def __init__(self, generator, perceptual_loss, *, loss_shift: int = 0, **kwargs):
        super().__init__(**kwargs)
        self.loss_shift = loss_shift
        self.generator = generator
        self.perceptual_loss = perceptual_loss
        self.term_means = {
            term: keras.metrics.Mean(name=term) for term in ("content", "style", "tv")
        }
        # Not the optimizer's counter, which JAX does not show to a model. What changes
        # from step to step goes by it, not at random: so it goes on in a resumed run.
        self.step = self.add_weight(
            shape=(), initializer="zeros", dtype="int", trainable=False, name="step"
        )
        self.built = True  # As the generator is; resuming asks for it.

    def call(self, images, training=False):
        if not training:
            return self.generator(images, training=False)
        with shifted_noise(self.generator, self._draw_offset()):
            return self.generator(images, training=True)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        del y, sample_weight  # The images are their own target.
        if training and self.loss_shift:
            x, y_pred = self._cut(x), self._cut(y_pred)
        if training:
            self.step.assign_add(1)
        terms = self.perceptual_loss(content=x, stylized=y_pred)
        for term, value in terms.items():
            self.term_means[term].update_state(value)
        return sum(terms.values())

    def _draw_offset(self):
        step = ops.cast(self.step, "int32") % 10_007
        # Primes: the squares of noise meet each other anew each time.
        return step * 7_919, step * 104_729

    def _cut(self, images):
        step = ops.cast(self.step, "int32")
        count = self.loss_shift + 1
        batch, height, width, channels = ops.shape(images)
        start = (0, step % count, step // count % count, 0)
        size = (batch, height - self.loss_shift, width - self.loss_shift, channels)
        return ops.slice(images, start, size)


def train(config: TrainConfig, workdir: str | os.PathLike) -> pathlib.Path:
    """Trains as `config` says; goes on where an earlier call in `workdir` was.

    Args:
        config: All that decides how the training comes out.
        workdir: Gets the config, logs, sample sheets, checkpoints and at the
            end `style.keras`: the generator alone.

    Returns:
        Path of the trained generator, a `.keras` file.

    Raises:
        FileNotFoundError: If a file or folder that `config` names is missing.
        ValueError: If `config` makes no sense, no photo is usable, or
            `workdir` holds a training with another config.
        RuntimeError: If another process trains in `workdir`, or the loss
            becomes infinite or no number.
    """
    workdir = pathlib.Path(workdir)
    config = from_json(to_json(config))  # A checked copy that nobody else changes.
    path = workdir / STYLE_FILE
    if _is_trained(config, workdir):
        return path
    if workdir.is_dir():
        with _lock(workdir):
            pass  # If it is in use, that is said before all photos are read.
    check_paths(config)
    keras.utils.set_random_seed(config.seed)
    trainer = make_trainer(config)  # Early, as it reads weights and style image.
    paths = _find_photos(config)
    samples = _load_samples(config, paths)
    with _lock(workdir):
        # Another training may have been here meanwhile.
        if _is_trained(config, workdir):
            return path
        num_steps_done = _restore(trainer, workdir)
        _save_config(config, workdir)
        trainer.fit(
            _make_dataset(config, paths, num_steps_done),
            epochs=config.num_steps // config.log_every_steps,
            initial_epoch=num_steps_done // config.log_every_steps,
            steps_per_epoch=config.log_every_steps,
            callbacks=make_callbacks(config, workdir, samples, num_steps_done),
            shuffle=False,  # The dataset shuffles; without this Keras warns.
        )
        save_generator(trainer.generator, path)
    return path


def _is_trained(config, workdir):
    if workdir.exists() and not workdir.is_dir():
        raise ValueError(
            f"`workdir` must be a folder. Received: workdir={os.fspath(workdir)!r}"
        )
    _check_workdir(config, workdir)
    if is_trained := (workdir / STYLE_FILE).is_file():
        logging.info("%s is trained already.", workdir / STYLE_FILE)
    return is_trained


@contextlib.contextmanager
def _lock(workdir):
    workdir.mkdir(parents=True, exist_ok=True)
    try:
        # Held by the operating system, so that it ends with the process.
        with filelock.FileLock(workdir / ".lock", timeout=0):
            yield
    except filelock.Timeout:
        raise RuntimeError(
            f"Another training is running in {os.fspath(workdir)!r}. Wait for it, or "
            "choose another workdir."
        ) from None


def make_trainer(config: TrainConfig) -> StyleTrainer:
    """Builds generator, loss and optimizer, compiled and ready for `fit`."""
    generator = build_generator(config.generator, dtype=config.precision)
    perceptual_loss = make_perceptual_loss(
        config,
        _load_style_image(config),
        dtype=config.precision.removeprefix("mixed_"),
        seed=config.seed,
    )
    trainer = StyleTrainer(generator, perceptual_loss, loss_shift=config.loss_shift)
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0 if config.warmup_steps else config.learning_rate,
        decay_steps=max(config.num_steps - config.warmup_steps, 1),
        alpha=1.0 if config.learning_rate_schedule == "constant" else 0.0,
        warmup_target=config.learning_rate if config.warmup_steps else None,
        warmup_steps=config.warmup_steps,
    )
    # XLA is slower than plain TensorFlow on a CPU, and takes long to compile.
    has_gpu = any("gpu" in device for device in keras.distribution.list_devices())
    optimizer = OPTIMIZERS[config.optimizer](
        schedule,
        use_ema=config.ema_momentum > 0,
        ema_momentum=config.ema_momentum,
    )
    trainer.compile(optimizer, jit_compile=has_gpu)
    trainer.optimizer.build(trainer.trainable_variables)
    return trainer


def _load_style_image(config):
    image = load_image(config.style_image)
    longer_side = max(image.shape[:2])
    if _ENLARGED_VISIBLY * longer_side < config.style_image_size:
        logging.warning(
            "%s is enlarged from %d to %d pixels, which blurs its textures. To take it "
            "as it is: style_image_size=%d",
            config.style_image,
            longer_side,
            config.style_image_size,
            longer_side,
        )
    return load_sized(config.style_image, config.style_image_size)


def make_callbacks(config: TrainConfig, workdir, samples, num_steps_done: int = 0):
    """Makes all that writes into the workdir.

    Args:
        config: The training's config.
        workdir: Where to.
        samples: Photos for the sample sheets, RGB `(H, W, 3)` in [0, 255].
        num_steps_done: Where the training goes on.
    """
    steps_per_epoch = config.log_every_steps
    return [
        keras.callbacks.TensorBoard(workdir / "tensorboard", write_graph=False),
        MetricsLog(
            workdir, steps_per_epoch=steps_per_epoch, num_steps_done=num_steps_done
        ),
        Checkpoints(
            workdir / CHECKPOINT_FOLDER,
            steps_per_epoch=steps_per_epoch,
            num_checkpoints=config.num_checkpoints,
        ),
        SampleSheets(
            workdir / "samples",
            samples,
            steps_per_epoch=steps_per_epoch,
            every_steps=config.sample_every_steps,
        ),
    ]


def _load_samples(config, paths):
    # `data` needs TensorFlow, which this module leaves to whoever trains with it.
    from fast_style.data import list_images

    if not config.sample_images:
        paths = paths[:3]
    elif pathlib.Path(config.sample_images).is_dir():
        paths = list_images(config.sample_images)[0][:_MAX_SAMPLES]
    else:
        paths = [config.sample_images]
    if not paths:
        raise ValueError(
            "`sample_images` must be a picture or a folder with some. "
            f"Received: sample_images={config.sample_images!r}"
        )
    return [load_sized(path, config.sample_image_size) for path in paths]


def _find_photos(config):
    from fast_style.data import find_photos

    photos = find_photos(
        config.train_images,
        coco_annotations=config.coco_annotations,
        coco_categories=config.coco_categories,
        min_image_size=config.min_image_size,
    )
    # Skipped photos are worth a warning, which also shows without any set-up.
    log = logging.warning if photos.skipped else logging.info
    log("%s", photos.report())
    return photos.paths


def _make_dataset(config, paths, num_batches_done):
    from fast_style.data import make_dataset

    return make_dataset(
        paths,
        image_size=config.image_size,
        batch_size=config.batch_size,
        seed=config.seed,
        min_crop_scale=config.min_crop_scale,
        num_batches_done=num_batches_done,
    )


def _check_workdir(config, workdir):
    path = workdir / CONFIG_FILE
    has_work = (workdir / STYLE_FILE).is_file() or list_checkpoints(
        workdir / CHECKPOINT_FOLDER
    )
    if not (has_work and path.is_file()):
        return
    new = json.loads(to_json(config))
    old = json.loads(path.read_text())
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    if names:
        changes = ", ".join(f"{n} {old.get(n)!r} to {new.get(n)!r}" for n in names)
        raise ValueError(
            f"{os.fspath(workdir)!r} holds a training with another config. "
            f"Changed: {changes}. Choose a new workdir, or go on with the old "
            "values."
        )


def _save_config(config, workdir):
    workdir.mkdir(parents=True, exist_ok=True)
    with replacing(workdir / CONFIG_FILE) as temporary:
        temporary.write_text(to_json(config))


def _restore(trainer, workdir):
    checkpoints = list_checkpoints(workdir / CHECKPOINT_FOLDER)
    for path, num_steps_done in reversed(checkpoints):
        try:
            trainer.load_weights(path)
        # What h5py and Keras raise depends on which part of the file is damaged.
        except (OSError, KeyError, RuntimeError, ValueError) as error:
            logging.warning("Checkpoint %s is damaged (%s).", path, error)
            continue
        logging.info("Going on after %d steps, from %s.", num_steps_done, path)
        return num_steps_done
    if checkpoints:
        raise ValueError(
            f"No checkpoint in {os.fspath(workdir)!r} can be read. Begin anew in "
            "another workdir."
        )
    return 0
