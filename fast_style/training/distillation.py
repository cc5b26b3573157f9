"""Trains the pocket loss network to imitate VGG16."""

import os
import pathlib

from absl import logging
import keras
from keras import ops
import numpy as np

from fast_style.data.crops import load_crop
from fast_style.data.photos import list_images
from fast_style.io.files import expand_home
from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.networks.pocket import load_pocket
from fast_style.losses.networks.pocket import POCKET_CONVOLUTIONS
from fast_style.losses.networks.pocket import POCKET_LAYERS
from fast_style.losses.networks.pocket import PocketNetwork
from fast_style.losses.networks.pocket import save_pocket

_PIXEL_SCALE = 64  # The network is trained on pixels of about 1.


class Distiller(keras.Model):
    """Trains a pocket network to lower its relative error at each layer."""

    def __init__(self, teacher, images):
        super().__init__()
        self.teacher = teacher
        self.variables_of = {
            name: (
                self.add_weight((size, size, channels, filters), "he_normal"),
                self.add_weight((filters,), "zeros"),
            )
            for name, (size, channels, filters) in POCKET_CONVOLUTIONS.items()
        }
        # Targets are scaled to about 1, so that all layers count alike.
        self.scales = {
            name: float(np.std(ops.convert_to_numpy(values)))
            for name, values in teacher(images, POCKET_LAYERS).items()
        }
        self.errors = {name: keras.metrics.Mean(name=name) for name in POCKET_LAYERS}
        self.built = True

    def scaled_weights(self):
        """Returns weights for pixels in [0, 255] and features of VGG16's magnitude."""
        scaled = {}
        for name, (kernel, bias) in self.variables_of.items():
            if kernel.shape[2] == 3:
                kernel = kernel / _PIXEL_SCALE
            scale = self.scales.get(name, 1.0)
            scaled[name] = (kernel * scale, bias * scale)
        return scaled

    def call(self, images, training=False):
        return PocketNetwork(self.scaled_weights())(images, POCKET_LAYERS)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        del y, sample_weight, training
        total = 0.0
        for name, target in self.teacher(x, POCKET_LAYERS).items():
            # Not by the variance of the batch: crops of plain sky would dominate.
            error = ops.mean(ops.square((y_pred[name] - target) / self.scales[name]))
            self.errors[name].update_state(error)
            total = total + error
        return total


def feature_errors(features, targets) -> dict:
    """Computes the unexplained variance of features that imitate others.

    Args:
        features: Dict from layer to activations F `(B, H_l, W_l, C_l)`.
        targets: Dict from layer to the activations T that are imitated.

    Returns:
        Dict from layer to mean((F - T)^2) / mean((T - mean(T))^2), where
        mean(T) is that of each channel over the batch. 0 if they are equal, 1 if
        F is that mean alone.
    """
    errors = {}
    for name, target in targets.items():
        spread = target - ops.mean(target, axis=(0, 1, 2))
        error = ops.mean(ops.square(features[name] - target))
        errors[name] = error / ops.mean(ops.square(spread))
    return errors


def distill(
    photos: str | os.PathLike,
    output: str | os.PathLike,
    *,
    vgg16_weights: str | os.PathLike = "imagenet",
    num_steps: int = 14_000,
    image_size: int = 96,
    batch_size: int = 2,
    learning_rate: float = 3e-3,
    num_held_out: int = 16,
    seed: int = 0,
) -> dict[str, float]:
    """Trains the pocket loss network on a folder of photos.

    Crops get distorted colours and noise, since the pictures that a generator makes
    during training look like no photo.

    `output` is written at the end; an earlier file stays there until then.

    Args:
        photos: Folder of photos; the last `num_held_out` are used only to measure.
        output: The `.npz` file to write.
        vgg16_weights: As `weights` in `make_loss_network`.
        num_steps: Number of training steps.
        image_size: Side of the crops.
        batch_size: Crops per step.
        learning_rate: The highest learning rate of Adam; it falls to 0 along a cosine.
        num_held_out: Number of photos that are not trained on.
        seed: Seed of everything random.

    Returns:
        `feature_errors` of the file that was written, on undistorted crops of the
        held-out photos.

    Raises:
        ValueError: If there are too few photos, or `output` is a folder.
    """
    keras.utils.set_random_seed(seed)
    paths = tuple(list_images(photos)[0])
    if not 0 < num_held_out < len(paths):
        raise ValueError(
            "`photos` must hold more than `num_held_out` pictures, and that be at "
            f"least 1. Received: photos={os.fspath(photos)!r} with {len(paths)}, "
            f"num_held_out={num_held_out}"
        )
    # Early: an hour's work should not end with a file that cannot be written.
    output = expand_home(output)
    if pathlib.Path(output).is_dir():
        raise ValueError(f"`output` must be a file. Received: {output!r}, a folder")
    pathlib.Path(output).parent.mkdir(parents=True, exist_ok=True)
    teacher = make_loss_network("vgg16", POCKET_LAYERS, weights=vgg16_weights)
    sizes = {"image_size": image_size, "seed": seed}
    crops = _make_batches(paths[:-num_held_out], batch_size, **sizes)
    distiller = Distiller(teacher, next(_make_batches(paths, 32, **sizes))[0])
    schedule = keras.optimizers.schedules.CosineDecay(learning_rate, num_steps)
    distiller.compile(keras.optimizers.Adam(schedule))
    _fit(distiller, crops, num_steps)
    weights = {
        name: tuple(ops.convert_to_numpy(values) for values in pair)
        for name, pair in distiller.scaled_weights().items()
    }
    save_pocket(weights, output)
    held_out = _make_batches(
        paths[-num_held_out:], 2 * num_held_out, distorted=False, **sizes
    )
    errors = _measure(load_pocket(output), teacher, next(held_out)[0])
    logging.info("%s misses of each layer: %s", output, errors)
    return errors


def _fit(distiller, crops, num_steps):
    epochs = max(num_steps // 500, 1)
    distiller.fit(
        crops,
        steps_per_epoch=num_steps // epochs,
        epochs=epochs,
        verbose=2,
        shuffle=False,
    )


def _measure(student, teacher, images):
    errors = feature_errors(
        student(images, POCKET_LAYERS), teacher(images, POCKET_LAYERS)
    )
    return {name: float(ops.convert_to_numpy(e)) for name, e in errors.items()}


def _make_batches(paths, batch_size, *, image_size, seed, distorted=True):
    first = 0
    while True:
        crops = []
        for number in range(first, first + batch_size):
            crop = load_crop(
                paths, number, image_size=image_size, seed=seed, min_crop_scale=0.15
            )
            rng = np.random.default_rng((seed, number))
            crops.append(_distort(crop, rng) if distorted else crop.astype("float32"))
        first += batch_size
        yield (np.stack(crops),)


def _distort(crop, rng):
    image = crop.astype("float32")
    if rng.random() < 0.5:
        mixing = np.eye(3) + rng.normal(0, 0.25, (3, 3))
        shift = 128 + rng.normal(0, 25, 3)
        image = (image - 128) @ mixing * rng.uniform(0.6, 1.6) + shift
    if rng.random() < 0.5:
        noise = rng.normal(0, rng.uniform(0, 50), image.shape)
        if rng.random() < 0.5:  # Coarser: the mean of 2x2 pixels.
            noise = noise + np.roll(noise, 1, axis=0)
            noise = (noise + np.roll(noise, 1, axis=1)) / 2
        image = image + noise
    return np.clip(image, 0, 255).astype("float32")
