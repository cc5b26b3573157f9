"""Makes the trainer of a config."""

import dataclasses
import functools

import keras
import numpy as np

from fast_style.config.styles import list_style_factors
from fast_style.config.train_config import TrainConfig
from fast_style.data.style_crops import load_style_crop
from fast_style.losses.making import make_perceptual_loss
from fast_style.losses.networks.making import make_loss_network
from fast_style.models.architectures import ARBITRARY
from fast_style.models.architectures import ARBITRARY_BASE
from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.conditions import Conditions
from fast_style.models.generator import build_generator
from fast_style.models.layers.style_predictor import StylePredictor
from fast_style.models.predictor import NUM_SEEN
from fast_style.models.predictor import STATISTIC_LAYERS
from fast_style.training.condition_draw import PaintingDraw
from fast_style.training.condition_draw import StyleDraw
from fast_style.training.initialization import copy_weights
from fast_style.training.initialization import find_whole_rows
from fast_style.training.initialization import take_noise
from fast_style.training.known_styles import take_known_styles
from fast_style.training.optimizers.making import make_optimizer
from fast_style.training.painting_statistics import measure_paintings
from fast_style.training.precision import choose_precision
from fast_style.training.strength_draw import StrengthDraw
from fast_style.training.style_images import list_paintings
from fast_style.training.style_images import list_strengths
from fast_style.training.style_images import load_some_paintings
from fast_style.training.style_images import load_style_images
from fast_style.training.style_images import make_conditions
from fast_style.training.style_images import make_thumbnail
from fast_style.training.trainer import NUM_JUDGED_STEPS
from fast_style.training.trainer import StyleTrainer

# A row of a style has a part in few crops, and styles lie far apart: after 300 steps
# with 16 of them, 10 is ahead of 30, and far ahead of 1. Rows of any style are all
# mixed for each crop, so that small steps of each add up.
_RATE_OF_TABLES = 10.0
# With larger steps, kernels that can paint lose it while a network learns to see.
_RATE_OF_KNOWN_CONVOLUTIONS = 0.1
# Crops of paintings, whose statistics get mean 0 and deviation 1.
_NUM_ADAPTED, _NUM_TOGETHER = 128, 16


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
    make = _make_arbitrary if config.generator == ARBITRARY else _make_named
    generator, paintings, draw, convolution_rate = make(config, precision)
    perceptual_loss = make_perceptual_loss(
        config,
        paintings,
        dtype=precision.removeprefix("mixed_"),
        seed=config.seed,
    )
    trainer = StyleTrainer(
        generator,
        perceptual_loss,
        loss_jitter=config.loss_jitter,
        num_recent_steps=max(config.log_every_steps, NUM_JUDGED_STEPS),
        draw=draw,
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
            table_rate=1.0 if config.generator == ARBITRARY else _RATE_OF_TABLES,
            convolution_rate=convolution_rate,
        ),
        jit_compile=is_compiled,
    )
    trainer.optimizer.build(trainer.trainable_variables)
    return trainer


def _make_named(config, precision):
    """Makes a generator of one style, or of several that have names."""
    conditions = make_conditions(config)
    generator = _build_generator(config, conditions, precision)
    generator.conditions = conditions
    paintings = load_style_images(config)
    generator.thumbnails = {k: make_thumbnail(v) for k, v in paintings.items()}
    learned = copy_weights(config.init_from, generator) if config.init_from else ()
    draw = None
    if conditions is not None:
        factors = list_style_factors(config.style_factors, conditions.names)
        strengths = _draw_strengths(config)
        draw = StyleDraw(conditions, strengths, left_out=learned, factors=factors)
    return generator, list(paintings.values()), draw, 1.0


def _make_arbitrary(config, precision):
    """Makes a generator of any style, and what looks at paintings."""
    strengths = list_strengths(config)
    predictor = StylePredictor(NUM_SEEN - 1, name="predictor")
    network = make_loss_network("vgg16", STATISTIC_LAYERS, padding="zeros")
    crops = [
        load_style_crop(
            list_paintings(config),
            (),
            number,
            size=config.image_size,
            painting_size=config.style_image_size,
            seed=config.seed,
        )
        for number in range(_NUM_ADAPTED)
    ]
    batches = np.split(np.stack(crops), _NUM_ADAPTED // _NUM_TOGETHER)
    predictor.adapt(np.concatenate([measure_paintings(network, x) for x in batches]))
    rows = Conditions(names=tuple(map(str, range(NUM_SEEN))), strengths=strengths)
    generator = _build_generator(config, rows, precision)
    generator.conditions = None
    # Not the layer itself, which Keras would take for one of the generator's.
    generator.make_predictor = functools.partial(
        predictor.to_predictor,
        strengths=strengths,
        painting_size=config.style_image_size,
    )
    generator.set_predictor = predictor.take
    convolution_rate = 1.0
    if config.init_from:
        copy_weights(config.init_from, generator)
        if take_known_styles(config, generator, predictor, network):
            convolution_rate = _RATE_OF_KNOWN_CONVOLUTIONS
    paintings = load_some_paintings(config)
    draw = PaintingDraw(predictor, network, _draw_strengths(config), shown=paintings)
    return generator, paintings, draw, convolution_rate


def _build_generator(config, conditions, precision):
    name = config.generator
    architecture = ARCHITECTURES[ARBITRARY_BASE if name == ARBITRARY else name]
    if config.init_from:
        architecture = take_noise(config.init_from, architecture)
    if conditions is None:
        return build_generator(name, dtype=precision, architecture=architecture)
    architecture = dataclasses.replace(architecture, num_conditions=conditions.num_rows)
    generator = build_generator(name, dtype=precision, architecture=architecture)
    # Nothing is added to the rows of strength 1; nor, of any style, to the first one.
    whole = find_whole_rows(conditions)
    if name == ARBITRARY:
        whole[len(conditions.strengths) :] = 0.0
    for gamma in (x for x in generator.weights if x.name == "gamma"):
        gamma.assign(gamma * whole)
    return generator


def _draw_strengths(config):
    weakest = 1.0
    if config.min_style_weight:
        weakest = config.min_style_weight / config.style_weight
    return StrengthDraw(
        list_strengths(config), weakest, first_step=config.num_steps // 2
    )


def _make_schedule(config):
    warmup_steps = config.num_warmup_steps
    return keras.optimizers.schedules.CosineDecay(
        0.0 if warmup_steps else config.learning_rate,
        decay_steps=max(config.num_steps - warmup_steps, 1),
        alpha=1.0 if config.learning_rate_schedule == "constant" else 0.0,
        warmup_target=config.learning_rate if warmup_steps else None,
        warmup_steps=warmup_steps,
    )
