"""Lowers the loss of one picture, by L-BFGS or Adam, and keeps the best."""

import importlib

import keras
from keras import ops
import numpy as np

from fast_style.config.optimize_config import OptimizeConfig
from fast_style.iterative.tracker import Tracker


def minimize(
    perceptual_loss, content_image, start, config: OptimizeConfig, tracker: Tracker
) -> None:
    """Lowers the loss of a picture, step by step.

    It ends after `config.num_steps`, when L-BFGS gains nothing more, or at the end of
    the step in which the tracker's signal comes.

    Args:
        perceptual_loss: A `PerceptualLoss`.
        content_image: RGB `(H, W, 3)` in [0, 255].
        start: The picture to begin with, alike.
        config: Of which `method`, `num_steps` and Adam's numbers are used.
        tracker: Sees all pictures; keeps the best.

    Raises:
        RuntimeError: If the loss at the start is NaN or infinite.
        ImportError: If the method is L-BFGS and scipy is not installed.
    """
    content_features = perceptual_loss.content_features(content_image[None])
    value_and_grad = make_value_and_grad(
        lambda images: perceptual_loss.compare(content_features, images)
    )
    terms, _ = value_and_grad(start)
    if not np.isfinite(tracker.see(start, terms)):
        raise RuntimeError(f"The loss at the start is NaN or infinite: {terms}.")
    run = {"lbfgs": _run_lbfgs, "adam": _run_adam}[config.method]
    if config.method == "lbfgs":
        # Before the first step, as steps are timed, and this takes a while.
        importlib.import_module("scipy.optimize")
    with tracker.progress:
        tracker.finish_step(terms)
        run(value_and_grad, start, config, tracker)


def make_value_and_grad(compare):
    """Makes the function that computes loss terms and the gradient of their sum.

    Keras has no gradient of its own, so each backend has its own code here.

    Args:
        compare: Function from images `(1, H, W, 3)` to a dict of scalars.

    Returns:
        `value_and_grad`, a function from a picture `(H, W, 3)` to a dict of floats,
        and to the gradient of their sum, float32 `(H, W, 3)`.

    Raises:
        RuntimeError: If Keras runs on another backend than TensorFlow and JAX.
    """
    backend = keras.backend.backend()
    makers = {"tensorflow": _differentiate_tensorflow, "jax": _differentiate_jax}
    if backend not in makers:
        raise RuntimeError(
            "The slow method needs Keras on TensorFlow or JAX. Received: "
            f"KERAS_BACKEND={backend}"
        )
    differentiate = makers[backend](compare)

    def value_and_grad(image):
        images = ops.convert_to_tensor(np.asarray(image, "float32")[None])
        terms, gradient = differentiate(images)
        terms = {name: float(ops.convert_to_numpy(v)) for name, v in terms.items()}
        return terms, ops.convert_to_numpy(gradient)[0]

    return value_and_grad


def _differentiate_tensorflow(compare):
    import tensorflow as tf

    @tf.function(autograph=False)
    def differentiate(images):
        with tf.GradientTape() as tape:
            tape.watch(images)
            terms = compare(images)
            loss = sum(terms.values())
        return terms, tape.gradient(loss, images)

    return differentiate


def _differentiate_jax(compare):
    import jax

    def add(images):
        terms = compare(images)
        return sum(terms.values()), terms

    gradient = jax.jit(jax.grad(add, has_aux=True))
    return lambda images: gradient(images)[::-1]


def _run_lbfgs(value_and_grad, start, config, tracker):
    import scipy.optimize  # An extra, which Adam does without.

    problem = _Problem(value_and_grad, start, tracker)

    def finish_step(x):
        del x
        tracker.finish_step(problem.terms)
        if tracker.is_stopped:
            raise StopIteration  # Which tells SciPy to end.

    # Where float32 ends a line search early, it begins anew from the best, with
    # an empty memory, until even that gains nothing.
    while (done := len(tracker.losses) - 1) < config.num_steps:
        scipy.optimize.minimize(
            problem.value_and_grad,
            tracker.image.astype("float64").ravel() / problem.unit,
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
        if tracker.is_stopped or len(tracker.losses) - 1 == done:
            break


class _Problem:
    """The loss as L-BFGS sees it: of a flat picture, with its pixels kept in range.

    Args:
        value_and_grad: As `make_value_and_grad` makes it.
        start: RGB `(H, W, 3)` in [0, 255].
        tracker: Sees all pictures, and has seen the start.

    Attributes:
        unit: Grey levels per unit of the flat picture.
        terms: The loss terms of the newest picture.
    """

    def __init__(self, value_and_grad, start, tracker):
        self.compare = value_and_grad
        self.shape = start.shape
        self.tracker = tracker
        self.terms = {}
        # The first step of L-BFGS has length 1. In this unit that is a change of
        # one grey level in each pixel; in pixels it would be lost in float32.
        self.unit = np.sqrt(start.size)
        # What lies 30 grey levels outside, everywhere, costs as much as the start.
        # More would be stiff, and slow the rest down.
        self.stiffness = 1e-3 * tracker.lowest

    def value_and_grad(self, x):
        # Bounds of L-BFGS-B would cut every step short at the first pixel that
        # meets one. So the picture is clipped, and what lies outside pays.
        inside = np.clip(x, 0.0, 255.0 / self.unit)
        image = (inside * self.unit).reshape(self.shape).astype("float32")
        self.terms, gradient = self.compare(image)
        loss = self.tracker.see(image, self.terms)
        gradient = gradient.astype("float64").ravel() * self.unit * (inside == x)
        outside = x - inside
        penalty = self.stiffness * np.sum(outside**2)
        return loss + penalty, gradient + 2 * self.stiffness * outside


def _run_adam(value_and_grad, start, config, tracker):
    picture = keras.Variable(start)
    adam = keras.optimizers.Adam(
        config.learning_rate, beta_1=config.beta_1, epsilon=config.epsilon
    )
    _, gradient = value_and_grad(start)
    for _ in range(config.num_steps):
        adam.apply([ops.convert_to_tensor(gradient)], [picture])
        picture.assign(ops.clip(picture, 0.0, 255.0))
        image = ops.convert_to_numpy(picture)
        terms, gradient = value_and_grad(image)
        tracker.see(image, terms)
        tracker.finish_step(terms)
        if tracker.is_stopped:
            break
