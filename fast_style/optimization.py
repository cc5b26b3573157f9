"""The slow method: the picture itself is optimized, until its loss is low.

Gatys et al., 2016. A trained generator does in one pass what this does in
minutes; how near it comes is what `evaluation.py` measures.
"""

import dataclasses
import difflib
import os
import pathlib
import time

import keras
from keras import ops
import numpy as np
from PIL import Image
import scipy.optimize
import scipy.stats

from fast_style.callbacks import METRICS
from fast_style.callbacks import plot_losses
from fast_style.callbacks import write_metrics
from fast_style.images import load_sized
from fast_style.images import save_image
from fast_style.images import to_uint8
from fast_style.perceptual_loss import find_smallest_side
from fast_style.perceptual_loss import make_perceptual_loss
from fast_style.presets import OptimizeConfig
from fast_style.presets import PRESETS

COLUMNS = (*METRICS[:5], "seconds")


@dataclasses.dataclass
class Optimization:
    """What the slow method found.

    Attributes:
        image: The picture with the lowest loss, `PIL.Image.Image`.
        losses: A dict for the start and each step: `step`, `loss`, `content`,
            `style`, `tv` (weighted) and `seconds` since the beginning.
        is_interrupted: Whether Ctrl-C ended it early.
    """

    image: Image.Image
    losses: list[dict[str, float]]
    is_interrupted: bool = False

    def save(self, path: str | os.PathLike) -> None:
        """Writes the picture, and beside it the losses as CSV and as a plot.

        Args:
            path: Of the picture, such as `out.png`; `out_losses.csv` and
                `out_losses.png` lie next to it.
        """
        path = pathlib.Path(path)
        save_image(self.image, path)
        losses_path = path.with_name(f"{path.stem}_losses.csv")
        write_metrics(self.losses, losses_path, COLUMNS)
        plot_losses(self.losses, losses_path.with_suffix(".png"))


def optimize(
    content,
    style,
    *,
    preset: str = "fast_style",
    start=None,
    style_image_weights: tuple[float, ...] = (),
    save_every: int = 0,
    folder: str | os.PathLike | None = None,
    is_verbose: bool = True,
    **options,
) -> Optimization:
    """Repaints one picture without any training, in minutes.

    Ctrl-C ends it early, with the best picture so far.

    Args:
        content: The photo: path, encoded bytes, `PIL.Image.Image`, or array
            `(H, W, 3)` of uint8 or floats in [0, 255].
        style: The painting, alike, or a list of several.
        preset: A name in `presets.PRESETS`.
        start: `"content"`, `"noise"`, or a picture, which is scaled to the
            size of the result. None: the preset's.
        style_image_weights: A number for each painting; empty: equal.
        save_every: The best picture so far is written after so many steps, as
            `step-00000050.png`. 0: never.
        folder: Where to; needed with `save_every`.
        is_verbose: Whether to show a progress bar with the losses.
        **options: Fields of `OptimizeConfig` that replace the preset's.

    Returns:
        The picture and its losses.

    Raises:
        ValueError: If a value is impossible, or the loss-network weights lack
            a layer; the message names it.
        TypeError: If a field does not exist or has another type.
        FileNotFoundError: If a file does not exist.

    References:
        Gatys et al., 2016, Image Style Transfer Using Convolutional Neural
        Networks, CVPR. Bounds on the pixels as in Johnson et al., 2016,
        section 4.1.
    """
    config = make_config(preset, **options)
    if (save_every > 0) != (folder is not None) or save_every < 0:
        raise ValueError(
            "`save_every` and `folder` go together: how often, and where to. "
            f"Received: save_every={save_every!r}, folder={folder!r}"
        )
    content_image = load_sized(content, config.image_size)
    _check_size(content_image, config)
    style_size = config.style_image_size or max(content_image.shape[:2])
    styles = style if isinstance(style, list | tuple) else [style]
    style_images = [load_sized(picture, style_size) for picture in styles]
    perceptual_loss = make_perceptual_loss(
        config, style_images, style_image_weights=style_image_weights, seed=config.seed
    )
    start = PRESETS[preset].start if start is None else start
    tracker = Tracker(config.num_steps if is_verbose else 0, save_every, folder)
    try:
        minimize(
            perceptual_loss,
            content_image,
            _make_start(start, content_image, config),
            config,
            tracker,
        )
    except KeyboardInterrupt:
        if tracker.image is None:
            raise
        tracker.is_interrupted = True
    image = Image.fromarray(to_uint8(tracker.image))
    return Optimization(image, tracker.losses, tracker.is_interrupted)


def make_config(preset: str = "fast_style", **options) -> OptimizeConfig:
    """Returns a preset's config, with some fields replaced.

    Raises:
        ValueError: If there is no such preset, or a value is impossible.
        TypeError: If there is no such field.
    """
    if preset not in PRESETS:
        raise ValueError(
            f"`preset` must be one of {', '.join(PRESETS)}. Received: preset={preset!r}"
        )
    known = [field.name for field in dataclasses.fields(OptimizeConfig)]
    for name in options.keys() - set(known):
        close = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise TypeError(f"`optimize` has no option {name!r}.{hint}")
    # A preset's weights belong to its layers.
    for layers in ("style_layers", "content_layers"):
        if layers in options:
            options.setdefault(f"{layers[:-1]}_weights", ())
    return dataclasses.replace(PRESETS[preset].config, **options)


def _check_size(image, config):
    levels = max(len(config.style_levels), len(config.content_levels))
    needed = find_smallest_side(config.style_layers + config.content_layers, levels)
    if min(image.shape[:2]) < needed:
        raise ValueError(
            f"`content` must be at least {needed} pixels wide and high for "
            f"{levels} pyramid levels with these layers. "
            f"Received: {image.shape[1]}x{image.shape[0]} pixels, with "
            f"image_size={config.image_size}"
        )


def _make_start(start, content_image, config):
    height, width = content_image.shape[:2]
    if isinstance(start, str) and start == "content":
        return content_image
    if isinstance(start, str) and start == "noise":
        rng = np.random.default_rng(config.seed)
        noise = scipy.stats.truncnorm.rvs(
            -2, 2, size=(height, width, 3), random_state=rng
        )
        noise = config.noise_mean + config.noise_deviation * noise
        return np.clip(noise, 0, 255).astype("float32")
    picture = Image.fromarray(to_uint8(load_sized(start, 0)))
    resized = picture.resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(resized, "float32")


class Tracker:
    """Keeps the best picture and the losses of each step; shows progress.

    Args:
        num_steps: Length of the progress bar; 0 for none.
        save_every: The best picture is written after so many steps; 0: never.
        folder: Where to.

    Attributes:
        image: The picture with the lowest loss, `(H, W, 3)`; None before the
            start has been looked at.
        losses: As in `Optimization`.
    """

    def __init__(self, num_steps: int = 0, save_every: int = 0, folder=None):
        self.image = None
        self.losses = []
        self.is_interrupted = False
        self.num_steps = num_steps
        self.progress = keras.utils.Progbar(num_steps) if num_steps else None
        self.save_every = save_every
        self.folder = folder
        self.lowest = np.inf
        self.start = time.perf_counter()

    def see(self, image, terms) -> float:
        """Takes note of a picture and its loss terms; returns their sum."""
        loss = sum(terms.values())
        if self.image is None or loss < self.lowest:
            self.image, self.lowest = image, loss
        return loss

    def finish_step(self, terms) -> None:
        """Writes down the losses with which a step ended."""
        step = len(self.losses)
        losses = {"loss": sum(terms.values()), **terms}
        seconds = time.perf_counter() - self.start
        self.losses.append({"step": step, **losses, "seconds": seconds})
        if self.progress and step:
            self.progress.stateful_metrics = set(losses)
            self.progress.update(step, list(losses.items()), finalize=False)
        if self.save_every and step and step % self.save_every == 0:
            path = pathlib.Path(self.folder) / f"step-{step:08d}.png"
            save_image(self.image, path)


def minimize(
    perceptual_loss, content_image, start, config: OptimizeConfig, tracker: Tracker
) -> None:
    """Lowers the loss of a picture, step by step.

    Args:
        perceptual_loss: A `PerceptualLoss`.
        content_image: RGB `(H, W, 3)` in [0, 255].
        start: What to begin with, alike.
        config: Its `method`, `num_steps` and Adam's numbers count.
        tracker: Sees all pictures; keeps the best.

    Raises:
        RuntimeError: If the loss at the start is infinite or no number.
    """
    content_features = perceptual_loss.content_features(content_image[None])
    differentiate = make_differentiate(
        lambda images: perceptual_loss.compare(content_features, images)
    )
    terms, _ = differentiate(start)
    if not np.isfinite(tracker.see(start, terms)):
        raise RuntimeError(f"The loss at the start is not finite: {terms}.")
    tracker.finish_step(terms)
    run = {"lbfgs": _run_lbfgs, "adam": _run_adam}[config.method]
    run(differentiate, start, config, tracker)
    if tracker.progress:
        last = tracker.losses[-1]  # Fewer than asked for if nothing more was gained.
        tracker.progress.update(last["step"], list(last.items())[1:5], finalize=True)


def make_differentiate(compare):
    """Makes a function that gives loss terms and their gradient.

    Keras has no gradient of its own, so this is where the backends part.

    Args:
        compare: Function from images `(1, H, W, 3)` to a dict of scalars.

    Returns:
        Function from a picture `(H, W, 3)` to a dict of floats, and to the
        gradient of their sum, float32 `(H, W, 3)`.
    """
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        @tf.function(autograph=False)
        def differentiate(images):
            with tf.GradientTape() as tape:
                tape.watch(images)
                terms = compare(images)
                loss = sum(terms.values())
            return terms, tape.gradient(loss, images)

    elif keras.backend.backend() == "jax":
        import jax

        def add(images):
            terms = compare(images)
            return sum(terms.values()), terms

        gradient = jax.jit(jax.grad(add, has_aux=True))

        def differentiate(images):
            return gradient(images)[::-1]

    else:
        raise RuntimeError(
            "The slow method needs Keras on TensorFlow or JAX. Received: "
            f"KERAS_BACKEND={keras.backend.backend()}"
        )

    def differentiate_picture(image):
        images = ops.convert_to_tensor(np.asarray(image, "float32")[None])
        terms, gradient = differentiate(images)
        terms = {name: float(ops.convert_to_numpy(v)) for name, v in terms.items()}
        return terms, ops.convert_to_numpy(gradient)[0]

    return differentiate_picture


def _run_lbfgs(differentiate, start, config, tracker):
    # The first step of L-BFGS has length 1. In this unit that is a change of
    # one grey level in each pixel; in pixels it would be lost in float32.
    unit = np.sqrt(start.size)
    # What lies 30 grey levels outside, everywhere, costs as much as the start.
    # More would be stiff, and slow the rest down.
    stiffness = 1e-3 * tracker.lowest
    latest = {}

    def compute(x):
        # Bounds of L-BFGS-B would cut every step short at the first pixel that
        # meets one. So the picture is clipped, and what lies outside pays.
        inside = np.clip(x, 0.0, 255.0 / unit)
        image = (inside * unit).reshape(start.shape).astype("float32")
        latest["terms"], gradient = differentiate(image)
        loss = tracker.see(image, latest["terms"])
        gradient = gradient.astype("float64").ravel() * unit * (inside == x)
        outside = x - inside
        penalty = stiffness * np.sum(outside**2)
        return loss + penalty, gradient + 2 * stiffness * outside

    def finish_step(x):
        del x
        tracker.finish_step(latest["terms"])

    # Where float32 ends a line search early, it begins anew from the best, with
    # an empty memory, until even that gains nothing.
    while (done := len(tracker.losses) - 1) < config.num_steps:
        scipy.optimize.minimize(
            compute,
            tracker.image.astype("float64").ravel() / unit,
            jac=True,
            method="L-BFGS-B",
            callback=finish_step,
            options={
                "maxiter": config.num_steps - done,
                "maxfun": 20 * config.num_steps,
                "ftol": 0.0,
                "gtol": 0.0,
            },
        )
        if len(tracker.losses) - 1 == done:
            break


def _run_adam(differentiate, start, config, tracker):
    picture = keras.Variable(start)
    adam = keras.optimizers.Adam(
        config.learning_rate, beta_1=config.beta_1, epsilon=config.epsilon
    )
    _, gradient = differentiate(start)
    for _ in range(config.num_steps):
        adam.apply([ops.convert_to_tensor(gradient)], [picture])
        picture.assign(ops.clip(picture, 0.0, 255.0))
        image = ops.convert_to_numpy(picture)
        terms, gradient = differentiate(image)
        tracker.see(image, terms)
        tracker.finish_step(terms)
