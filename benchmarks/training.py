"""Times the parts of a training, and the plain PyTorch loop on the same work.

    pip install ".[bench]"
    python benchmarks/training.py --photos=data/coco/train2017

Three tables: what the data pipeline gives by itself; a step of each generator; and the
classic work (Johnson's network, VGG16 up to relu4_3, batch 4) by us and by PyTorch.
The contestants of a table take turns in one run, so that other work on the machine
slows all; ratios count. Random weights throughout; they cost the same.
"""

import statistics
import time

from absl import app
from absl import flags
import keras
import numpy as np
import tensorflow as tf

from fast_style.config import TrainConfig
from fast_style.config_files import read_config
from fast_style.data import make_dataset
from fast_style.photos import list_images
from fast_style.samples import STYLE_IMAGE
from fast_style.trainer import make_trainer

_PHOTOS = flags.DEFINE_string("photos", None, "folder of photos", required=True)
_ROUNDS = flags.DEFINE_integer("rounds", 8, "how often each is timed")
_SIZES = flags.DEFINE_list("image_sizes", ["128", "256"], "sides of the crops")
_TABLES = flags.DEFINE_list("tables", ["data", "steps", "classic"], "which to make")
_BATCH_SIZE = 4


def main(argv):
    del argv
    tables = {"data": time_data, "steps": time_steps, "classic": time_classic}
    for name in _TABLES.value:
        tables[name]()


def take_turns(contestants, *, warm_up=2):
    """Times functions in turn; returns a dict from name to its median seconds."""
    seconds = {name: [] for name in contestants}
    for number in range(warm_up + _ROUNDS.value):
        for name, run in contestants.items():
            start = time.perf_counter()
            run()
            if number >= warm_up:
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in seconds.items()}


def print_table(header, rows):
    print("\n| " + " | ".join(header) + " |")
    print("|---" * len(header) + "|")
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")


def time_data():
    paths = list_images(_PHOTOS.value)[0]
    rows = []
    for size in map(int, _SIZES.value):
        batches = iter(make_dataset(paths, image_size=size, batch_size=_BATCH_SIZE))
        num_batches = 25

        def take(batches=batches, num_batches=num_batches):
            for _ in range(num_batches):
                next(batches)

        seconds = take_turns({"data": take})["data"]
        rows.append((size, f"{_BATCH_SIZE * num_batches / seconds:.0f}"))
    print_table(("crops", "images/s of the pipeline"), rows)


def make_step(config):
    """Makes a function that takes one step as `fit` does, without its callbacks."""
    trainer = make_trainer(config)
    trainer.make_train_function()
    shape = (config.batch_size, config.image_size, config.image_size, 3)
    batch = np.random.default_rng(0).uniform(0, 255, shape).astype("float32")
    batches = iter(tf.data.Dataset.from_tensors(batch).repeat())
    return lambda: trainer.train_function(batches)


def time_steps():
    rows = []
    for size in map(int, _SIZES.value):
        contestants = {}
        for generator in ("tiny", "fast", "johnson"):
            for precision in ("float32", "mixed_bfloat16"):
                config = TrainConfig(
                    style_image=str(STYLE_IMAGE),
                    train_images="unused",
                    image_size=size,
                    batch_size=_BATCH_SIZE,
                    generator=generator,
                    precision=precision,
                )
                contestants[generator, precision] = make_step(config)
        for (generator, precision), seconds in take_turns(contestants).items():
            speed = f"{_BATCH_SIZE / seconds:.1f}"
            rows.append((size, generator, precision, f"{seconds:.3f}", speed))
    print_table(("crops", "generator", "precision", "s per step", "images/s"), rows)


def make_classic_config(precision):
    overrides = [
        "--config.loss_network_weights=random",
        f"--config.style_image={STYLE_IMAGE}",
        f"--config.precision={precision}",
    ]
    return read_config("johnson2016", overrides)


def make_bare_step(config):
    """Makes the same step with nothing of Keras' `fit` around it."""
    trainer = make_trainer(config)
    shape = (config.batch_size, config.image_size, config.image_size, 3)
    batch = tf.constant(np.random.default_rng(0).uniform(0, 255, shape), "float32")

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            stylized = trainer(batch, training=True)
            terms = trainer.perceptual_loss(content=batch, stylized=stylized)
            loss = sum(terms.values())
        variables = trainer.trainable_variables
        trainer.optimizer.apply(tape.gradient(loss, variables), variables)
        return loss

    return lambda: float(step())


def time_classic():
    contestants = {
        "ours, float32": make_step(make_classic_config("float32")),
        "ours, bare tf.function": make_bare_step(make_classic_config("float32")),
        "ours, mixed_bfloat16": make_step(make_classic_config("mixed_bfloat16")),
    }
    contestants.update(make_pytorch_contestants())
    seconds = take_turns(contestants)
    base = seconds["ours, float32"]
    rows = [(name, f"{s:.2f}", f"{s / base:.2f}") for name, s in seconds.items()]
    print_table(("classic step, batch 4 at 256 px", "s", "relative"), rows)


def make_pytorch_contestants():
    try:
        from pytorch_johnson import make_step as make_pytorch_step
        import torch
    except ImportError as error:
        raise ImportError(f'{error}. pip install ".[bench]"') from error

    size = make_classic_config("float32").image_size
    photos = torch.rand(_BATCH_SIZE, 3, size, size) * 255
    kinds = {
        "PyTorch, eager": {},
        "PyTorch, torch.compile and bfloat16 autocast": {
            "is_compiled": True,
            "has_autocast": True,
        },
    }
    steps = {name: make_pytorch_step(size, **kind) for name, kind in kinds.items()}
    return {name: (lambda step=step: step(photos)) for name, step in steps.items()}


if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    app.run(main)
