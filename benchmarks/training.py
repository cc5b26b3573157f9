"""Times the parts of a training, and the plain PyTorch loop on the same work.

    pip install ".[bench]"
    python benchmarks/training.py --photos=data/coco/train2017

Five tables: what the data pipeline gives by itself; a step of each generator; what
each term of the loss costs; what
`fit` and its callbacks add to a step; and the classic work (Johnson's network, VGG16
up to relu4_3, batch 4) by us and by PyTorch. The contestants of a table take turns in
one run, so that other work on the machine slows all; ratios count. Random batches, and
for the classic work random weights; they cost the same.
"""

import dataclasses
import statistics
import time

from absl import app
from absl import flags
import keras
from steps import make_bare_step
from steps import make_batch
from steps import make_step
from steps import start_pytorch
import tensorflow as tf
from turns import print_table
from turns import take_turns

from fast_style.config.config_files import read_config
from fast_style.config.term_overrides import merge_terms
from fast_style.config.train_config import TrainConfig
from fast_style.data.dataset import make_dataset
from fast_style.data.photos import list_images
from fast_style.samples import STYLE_IMAGE
from fast_style.training.callbacks.making import make_guard
from fast_style.training.callbacks.making import make_progress
from fast_style.training.making import make_trainer
from fast_style.training.memory import keep_freed_memory
from fast_style.training.precision import choose_precision

_PHOTOS = flags.DEFINE_string("photos", None, "folder of photos", required=True)
_ROUNDS = flags.DEFINE_integer("rounds", 8, "how often each is timed")
_SIZES = flags.DEFINE_list("image_sizes", ["128", "256"], "sides of the crops")
_TABLES = flags.DEFINE_list(
    "tables", ["data", "steps", "terms", "fit", "classic"], "which to make"
)
_BATCH_SIZE = 4
_NUM_STEPS = 21  # Of a turn of `fit`.


def main(argv):
    del argv
    keep_freed_memory()  # As `train` does.
    tables = {
        "data": time_data,
        "steps": time_steps,
        "terms": time_terms,
        "fit": time_fit,
        "classic": time_classic,
    }
    for name in _TABLES.value:
        tables[name]()


def time_data():
    paths = list_images(_PHOTOS.value)[0]
    num_batches = 100
    rows = []
    for size in map(int, _SIZES.value):

        def take(size=size):
            # From the start in each turn: between turns batches are made ahead.
            batches = make_dataset(paths, image_size=size, batch_size=_BATCH_SIZE)
            for _ in batches.take(num_batches):
                pass

        seconds = take_turns({"data": take}, rounds=_ROUNDS.value)["data"]
        rows.append((size, f"{_BATCH_SIZE * num_batches / seconds:.0f}"))
    print_table(("crops", "images/s of the pipeline"), rows)


def list_precisions():
    """Emulated bfloat16 takes six times as long, and says nothing."""
    return dict.fromkeys(("float32", choose_precision("auto")))


def time_steps():
    rows = []
    for size in map(int, _SIZES.value):
        contestants = {}
        for generator in ("tiny", "fast", "johnson"):
            for precision in list_precisions():
                config = TrainConfig(
                    style_image=str(STYLE_IMAGE),
                    train_images="unused",
                    image_size=size,
                    batch_size=_BATCH_SIZE,
                    generator=generator,
                    precision=precision,
                )
                contestants[generator, precision] = make_step(config)
        for (generator, precision), seconds in take_turns(
            contestants, rounds=_ROUNDS.value
        ).items():
            speed = f"{_BATCH_SIZE / seconds:.1f}"
            rows.append((size, generator, precision, f"{seconds:.3f}", speed))
    print_table(("crops", "generator", "precision", "s per step", "images/s"), rows)


def time_terms():
    contestants = {"the default loss": {}, "no loss": {"terms.all.weight": 0}}
    for name in TrainConfig(style_image="-", train_images="-").terms:
        contestants[f"without `{name}`"] = {f"terms.{name}.weight": 0}
    steps = {}
    for name, changes in contestants.items():
        config = TrainConfig(style_image=str(STYLE_IMAGE), train_images="unused")
        terms = merge_terms(changes, config.terms)
        steps[name] = make_step(dataclasses.replace(config, **terms))
    seconds = take_turns(steps, rounds=_ROUNDS.value)
    base = seconds["the default loss"]
    rows = [(name, f"{s:.3f}", f"{s / base:.2f}") for name, s in seconds.items()]
    print_table(("the default training", "s per step", "relative"), rows)


class _Stopwatch(keras.callbacks.Callback):
    """Takes the time from the first step's end to the last one's."""

    def on_train_batch_end(self, batch, logs=None):
        now = time.perf_counter()
        if batch == 0:
            self.start = now
        self.seconds = now - self.start


def time_fit():
    config = TrainConfig(style_image=str(STYLE_IMAGE), train_images="unused")
    batches = tf.data.Dataset.from_tensors(make_batch(config)).repeat()
    fitted, bare = make_trainer(config), make_bare_step(config)
    seconds = {"`fit` with guard and progress bar": [], "bare tf.function": []}
    for number in range(1 + _ROUNDS.value):
        stopwatch = _Stopwatch()
        with make_progress(config) as progress:
            watchers = [progress, make_guard(config), stopwatch]
            fitted.fit(
                batches, steps_per_epoch=_NUM_STEPS, callbacks=watchers, verbose=0
            )
        start = time.perf_counter()
        for _ in range(_NUM_STEPS - 1):
            bare()
        times = (stopwatch.seconds, time.perf_counter() - start)
        for name, total in zip(seconds, times, strict=True):
            if number:
                seconds[name].append(total / (_NUM_STEPS - 1))
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    base = medians["bare tf.function"]
    rows = [(name, f"{s:.3f}", f"{s / base:.2f}") for name, s in medians.items()]
    print_table(("the default training", "s per step", "relative"), rows)


def make_classic_config(precision):
    overrides = [
        "--config.terms.all.network_weights=random",
        f"--config.style_image={STYLE_IMAGE}",
        f"--config.precision={precision}",
    ]
    return read_config("johnson2016", overrides)


def time_classic():
    contestants = {
        "ours, float32": make_step(make_classic_config("float32")),
        "ours, float32, bare tf.function": make_bare_step(
            make_classic_config("float32")
        ),
        "PyTorch, eager": start_pytorch(),
        "PyTorch, torch.compile": start_pytorch("--is_compiled"),
    }
    if "mixed_bfloat16" in list_precisions():
        contestants |= {
            "ours, mixed_bfloat16": make_step(make_classic_config("mixed_bfloat16")),
            "PyTorch, torch.compile and bfloat16 autocast": start_pytorch(
                "--is_compiled", "--has_autocast"
            ),
        }
    seconds = take_turns(contestants, rounds=_ROUNDS.value)
    base = seconds["ours, float32"]
    rows = [(name, f"{s:.2f}", f"{s / base:.2f}") for name, s in seconds.items()]
    print_table(("classic step, batch 4 at 256 px", "s", "relative"), rows)


if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    app.run(main)
