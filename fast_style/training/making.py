"""Makes the trainer of a config."""

import dataclasses

import keras

from fast_style.config.train_config import TrainConfig
from fast_style.losses.making import make_perceptual_loss
from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.generator import build_generator
from fast_style.training.condition_draw import ConditionDraw
from fast_style.training.initialization import copy_weights
from fast_style.training.initialization import find_whole_rows
from fast_style.training.optimizers.making import make_optimizer
from fast_style.training.precision import choose_precision
from fast_style.training.style_images import load_style_images
from fast_style.training.style_images import make_conditions
from fast_style.training.style_images import make_thumbnail
from fast_style.training.trainer import NUM_JUDGED_STEPS
from fast_style.training.trainer import StyleTrainer


def make_trainer(config: TrainConfig) -> StyleTrainer:
    """Builds a trainer: generator, loss and optimizer, compiled and ready for `fit`.

    Args:
        config: The training's config.

    Returns:
        A trainer for the devices in whose `scope` this is called.

    Raises:
        FileNotFoundError: If the style image, or a file that `config` names, is
            missing.
        ValueError: If one of them cannot be read, or `init_from` is a style of
            another generator.
    """
    precision = choose_precision(config.precision)
    generator = _build_generator(config, precision)
    paintings = load_style_images(config)
    generator.thumbnails = {k: make_thumbnail(v) for k, v in paintings.items()}
    learned = copy_weights(config.init_from, generator) if config.init_from else ()
    perceptual_loss = make_perceptual_loss(
        config,
        list(paintings.values()),
        dtype=precision.removeprefix("mixed_"),
        seed=config.seed,
    )
    trainer = StyleTrainer(
        generator,
        perceptual_loss,
        loss_jitter=config.loss_jitter,
        num_recent_steps=max(config.log_every_steps, NUM_JUDGED_STEPS),
        draw=_make_draw(config, generator.conditions, learned),
    )
    # On a CPU, XLA is slower than plain TensorFlow, and takes long to compile; JAX
    # always uses it.
    has_gpu = any("gpu" in device for device in keras.distribution.list_devices())
    is_compiled = has_gpu or keras.backend.backend() == "jax"
    trainer.compile(
        make_optimizer(
            config.optimizer,
            _make_schedule(config),
            ema_momentum=config.ema_momentum,
            global_clipnorm=config.global_clipnorm,
        ),
        jit_compile=is_compiled,
    )
    trainer.optimizer.build(trainer.trainable_variables)
    return trainer


def _build_generator(config, precision):
    conditions = make_conditions(config)
    architecture = ARCHITECTURES[config.generator]
    if conditions is not None:
        architecture = dataclasses.replace(
            architecture, num_conditions=conditions.num_rows
        )
    generator = build_generator(
        config.generator, dtype=precision, architecture=architecture
    )
    generator.conditions = conditions
    if conditions is not None:  # Nothing is added to the rows of strength 1.
        whole = find_whole_rows(conditions)
        tables = [x for x in generator.weights if x.name == "gamma"]
        for gamma in tables:
            gamma.assign(gamma * whole)
    return generator


def _make_draw(config, conditions, learned):
    if conditions is None:
        return None
    weakest = 1.0
    if config.min_style_weight:
        weakest = config.min_style_weight / config.style_weight
    first_step = config.num_steps // 2
    return ConditionDraw(conditions, weakest, first_step=first_step, left_out=learned)


def _make_schedule(config):
    warmup_steps = config.num_warmup_steps
    return keras.optimizers.schedules.CosineDecay(
        0.0 if warmup_steps else config.learning_rate,
        decay_steps=max(config.num_steps - warmup_steps, 1),
        alpha=1.0 if config.learning_rate_schedule == "constant" else 0.0,
        warmup_target=config.learning_rate if warmup_steps else None,
        warmup_steps=warmup_steps,
    )
