"""What an export is asked beside images, and what Keras answers to that."""

import numpy as np

from fast_style import samples
from fast_style.inference.looking import measure
from fast_style.io.images import load_resized


def make_choices(generator, images: dict) -> dict[str, np.ndarray]:
    """Makes styles, or paintings, and strengths for the images of a comparison.

    Args:
        generator: What is exported.
        images: Dict from names to `(B, H, W, 3)`.

    Returns:
        Dict from names such as `photo 1|strength` to arrays; empty, where there is
        nothing to choose.
    """
    conditions = getattr(generator, "conditions", None)
    if conditions is None and not hasattr(generator, "make_predictor"):
        return {}
    rng = np.random.default_rng(0)
    choices = {}
    for number, (name, image) in enumerate(images.items()):
        if conditions is not None:
            weights = _choose_weights(rng, number, (len(image), len(conditions.names)))
            choices[f"{name}|style_weights"] = weights
        else:
            size = generator.make_predictor().painting_size
            choices[f"{name}|style_image"] = _choose_painting(number, size)
        strength = rng.uniform(0, 1, len(image)) if number % 3 else np.ones(len(image))
        choices[f"{name}|strength"] = strength.astype("float32")
    return choices


def _choose_weights(rng, number, shape):
    if number % 2:  # Also one style alone.
        return np.eye(shape[1], dtype="float32")[[number % shape[1]] * shape[0]]
    return rng.uniform(0, 1, shape).astype("float32")


def _choose_painting(number, size):
    paths = [samples.STYLE_IMAGE, *sorted(samples.PHOTOS.glob("*.jpg"))]
    # As large as fast_style looks at them, which others do as they are.
    painting = load_resized(paths[number % len(paths)], size)
    return painting.astype("uint8")[None]


def paint(generator, images, style_weights=None, style_image=None, strength=None):
    """Stylizes by the Keras model.

    Args:
        generator: What is exported.
        images: float32 `(B, H, W, 3)`.
        style_weights: Of a generator with conditions, `(B, number of styles)`.
        style_image: Of one with a predictor, `(1, h, w, 3)`.
        strength: `(B,)`.

    Returns:
        Stylized images.
    """
    if strength is None:
        return generator(images)
    if style_weights is not None:
        choice = generator.conditions
        rows = [dict(zip(choice.names, row, strict=True)) for row in style_weights]
    else:
        choice = generator.make_predictor()
        rows = [choice.predict(measure(style_image[0].astype("float32")))] * len(images)
    shares = [choice.mix(row, s) for row, s in zip(rows, strength, strict=True)]
    share = np.minimum(strength / choice.strengths[0], 1)[:, None, None, None]
    return images + share * (generator([images, np.stack(shares)]) - images)
