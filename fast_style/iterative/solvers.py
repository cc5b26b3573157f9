"""Lowers the loss of one picture, by L-BFGS or Adam, and keeps the best."""

import keras
from keras import ops
import numpy as np
import scipy.optimize

from fast_style.config.optimize_config import OptimizeConfig
from fast_style.iterative.tracker import Tracker


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
    value_and_grad = make_value_and_grad(
        lambda images: perceptual_loss.compare(content_features, images)
    )
    terms, _ = value_and_grad(start)
    if not np.isfinite(tracker.see(start, terms)):
        raise RuntimeError(f"The loss at the start is not finite: {terms}.")
    tracker.finish_step(terms)
    run = {"lbfgs": _run_lbfgs, "adam": _run_adam}[config.method]
    run(value_and_grad, start, config, tracker)
    if tracker.progress:
        last = tracker.losses[-1]  # Fewer than asked for if nothing more was gained.
        tracker.progress.update(last["step"], list(last.items())[1:5], finalize=True)


def make_value_and_grad(compare):
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
        def value_and_grad(images):
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

        def value_and_grad(images):
            return gradient(images)[::-1]

    else:
        raise RuntimeError(
            "The slow method needs Keras on TensorFlow or JAX. Received: "
            f"KERAS_BACKEND={keras.backend.backend()}"
        )

    def differentiate_picture(image):
        images = ops.convert_to_tensor(np.asarray(image, "float32")[None])
        terms, gradient = value_and_grad(images)
        terms = {name: float(ops.convert_to_numpy(v)) for name, v in terms.items()}
        return terms, ops.convert_to_numpy(gradient)[0]

    return differentiate_picture


def _run_lbfgs(value_and_grad, start, config, tracker):
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
        latest["terms"], gradient = value_and_grad(image)
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
