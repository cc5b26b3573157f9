"""Times the pocket loss network against VGG16's first two blocks.

    python benchmarks/loss_network.py --image_size=128

Forward and backward through the network alone, and through the whole perceptual loss
with its statistics on four pyramid levels. Both networks take turns in one run, so
that other work on the machine slows both; the ratio counts. Random weights for VGG16:
they cost the same.
"""

import dataclasses
import time

from absl import app
from absl import flags
import keras
from keras import ops
import numpy as np

from fast_style.config.loss_config import LossConfig
from fast_style.config.loss_config import make_default_terms
from fast_style.iterative.solvers import make_value_and_grad
from fast_style.losses.making import make_perceptual_loss
from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.networks.registry import NETWORKS

LAYERS = tuple(NETWORKS["pocket"].layers)

_SIZE = flags.DEFINE_integer("image_size", 128, "side of the picture")
_ROUNDS = flags.DEFINE_integer("rounds", 20, "how often each is timed")


def main(argv):
    del argv
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    size = _SIZE.value
    picture, photo = rng.uniform(0, 255, (2, size, size, 3)).astype("float32")
    contestants = {}
    for name, weights in (("vgg16", "random"), ("pocket", "")):
        network = make_loss_network(name, LAYERS, weights=weights)

        def look(images, network=network):
            features = network(images, LAYERS)
            return {name: ops.mean(ops.square(x)) for name, x in features.items()}

        loss = make_perceptual_loss(make_config(name, weights), photo)

        def compare(images, loss=loss):
            return loss(photo[None], images)

        contestants[f"{name}, network"] = make_value_and_grad(look)
        contestants[f"{name}, whole loss"] = make_value_and_grad(compare)
    seconds = {name: [] for name in contestants}
    for number in range(_ROUNDS.value + 2):
        for name, value_and_grad in contestants.items():
            start = time.perf_counter()
            value_and_grad(picture)
            if number >= 2:
                seconds[name].append(time.perf_counter() - start)
    medians = {name: float(np.median(times)) for name, times in seconds.items()}
    for name, median in medians.items():
        print(f"{name}: {median * 1e3:.1f} ms (least {min(seconds[name]) * 1e3:.1f})")
    for part in ("network", "whole loss"):
        ratio = medians[f"pocket, {part}"] / medians[f"vgg16, {part}"]
        print(f"{part}: pocket / vgg16 = {ratio:.2f}")


def make_config(network, weights):
    """Returns the loss of strokes and outlines alone, on one network."""
    defaults = make_default_terms()
    own = {"network": network, "network_weights": weights}
    terms = {
        k: dataclasses.replace(defaults[k], **own) for k in ("outlines", "strokes")
    }
    return LossConfig(terms=terms)


if __name__ == "__main__":
    app.run(main)
