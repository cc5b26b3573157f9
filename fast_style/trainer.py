"""The model that trains a generator, and how it is put together."""

from absl import logging
import keras
from keras import ops

from fast_style.config import TrainConfig
from fast_style.distribution import count_replicas
from fast_style.generator import build_generator
from fast_style.generator import load_generator
from fast_style.images import load_image
from fast_style.images import load_sized
from fast_style.layers import shifted_noise
from fast_style.optimizers import make_optimizer
from fast_style.perceptual_loss import make_perceptual_loss
from fast_style.precision import choose_precision
from fast_style.styles import find_style

TERMS = ("content", "style", "tv")
# 8, and 64 before them whose median they are compared with.
NUM_JUDGED_STEPS = 72
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
        num_recent_steps: How many steps `recent_terms` holds.

    Attributes:
        step: Number of steps done.
        recent_terms: `(num_recent_steps, 3)`, the weighted terms of the last
            steps, content, style and tv, the newest last. Variables both, so
            that they stand in checkpoints, and a training that goes on logs and
            judges by the same numbers as one that was never stopped.
    """

    def __init__(
        self,
        generator,
        perceptual_loss,
        *,
        loss_shift: int = 0,
        num_recent_steps: int = 1,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.loss_shift = loss_shift
        self.generator = generator
        self.perceptual_loss = perceptual_loss
        self.num_replicas = count_replicas()
        self.term_means = {term: keras.metrics.Mean(name=term) for term in TERMS}
        # Not the optimizer's counter, which JAX does not show to a model. What changes
        # from step to step goes by it, not at random: so it goes on in a resumed run.
        self.step = self.add_weight(
            shape=(),
            initializer="zeros",
            dtype="int",
            trainable=False,
            aggregation="only_first_replica",
            name="step",
        )
        self.recent_terms = self.add_weight(
            shape=(num_recent_steps, len(TERMS)),
            initializer="zeros",
            dtype="float32",
            trainable=False,
            aggregation="mean",
            name="recent_terms",
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
        terms = self.perceptual_loss(content=x, stylized=y_pred)
        if training:
            self._remember(terms)
        for term, value in terms.items():
            self.term_means[term].update_state(value)
        # Gradients of replicas are added up.
        return sum(terms.values()) / self.num_replicas

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        logs = super().compute_metrics(x, y, y_pred, sample_weight)
        if self.num_replicas == 1:
            return logs
        # Keras takes means along an axis, which scalars do not have.
        return {name: ops.reshape(value, (1,)) for name, value in logs.items()}

    def _remember(self, terms):
        self.step.assign_add(1)
        newest = ops.stack([ops.cast(terms[term], "float32") for term in TERMS])
        self.recent_terms.assign(
            ops.concatenate([self.recent_terms[1:], newest[None]], axis=0)
        )

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


def make_trainer(config: TrainConfig, *, rate_factor: float = 1.0) -> StyleTrainer:
    """Builds generator, loss and optimizer, compiled and ready for `fit`.

    Args:
        config: Of the training.
        rate_factor: Factor of the learning rate.

    Returns:
        A trainer for the devices in whose `scope` this is called.
    """
    precision = choose_precision(config.precision)
    generator = build_generator(config.generator, dtype=precision)
    if config.init_from:
        _copy_weights(config.init_from, generator)
    perceptual_loss = make_perceptual_loss(
        config,
        _load_style_image(config),
        dtype=precision.removeprefix("mixed_"),
        seed=config.seed,
    )
    trainer = StyleTrainer(
        generator,
        perceptual_loss,
        loss_shift=config.loss_shift,
        num_recent_steps=max(config.log_every_steps, NUM_JUDGED_STEPS),
    )
    # XLA is slower than plain TensorFlow on a CPU, and takes long to compile; JAX has
    # nothing else.
    has_gpu = any("gpu" in device for device in keras.distribution.list_devices())
    is_compiled = has_gpu or keras.backend.backend() == "jax"
    trainer.compile(
        make_optimizer(
            config.optimizer,
            _make_schedule(config, rate_factor * config.learning_rate),
            ema_momentum=config.ema_momentum,
            global_clipnorm=config.global_clipnorm,
        ),
        jit_compile=is_compiled,
    )
    trainer.optimizer.build(trainer.trainable_variables)
    return trainer


def _copy_weights(style, generator):
    try:
        source = load_generator(find_style(style))
    except (FileNotFoundError, ValueError) as error:
        raise type(error)(f"`init_from` cannot be read. {error}") from None
    if source.architecture != generator.architecture:
        raise ValueError(
            f"`init_from` must be a style with the generator {generator.name!r}, as it "
            f"is now. Received: init_from={style!r}, which has {source.name!r}, with "
            f"{source.architecture}"
        )
    generator.set_weights(source.get_weights())


def _make_schedule(config, learning_rate):
    return keras.optimizers.schedules.CosineDecay(
        0.0 if config.warmup_steps else learning_rate,
        decay_steps=max(config.num_steps - config.warmup_steps, 1),
        alpha=1.0 if config.learning_rate_schedule == "constant" else 0.0,
        warmup_target=learning_rate if config.warmup_steps else None,
        warmup_steps=config.warmup_steps,
    )


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
