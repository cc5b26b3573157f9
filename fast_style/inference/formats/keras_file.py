"""The `.keras` file of a generator, which a training writes."""

import os

import keras

from fast_style.inference.reloading import READ_CASES
from fast_style.models.saving import save_generator

# For `parity.py`. A `.keras` file is read by fast_style itself.
RELOAD = f"""{READ_CASES}
from fast_style.inference.stylizer import load_style
stylize = load_style(sys.argv[1], engine="tensorflow")
def answer(image, style_weights=None, style_image=None, strength=None):
    if strength is None:
        return stylize(image)
    if style_image is not None:
        choices = [{{"style_image": style_image[0]}}] * len(image)
    else:
        names = stylize.names
        choices = [{{"styles": dict(zip(names, map(float, w)))}} for w in style_weights]
    return np.stack([
        stylize(each, strength=float(s), **choice)
        for each, choice, s in zip(image, choices, strength)
    ])
results = {{name: answer(**case) for name, case in cases.items()}}
np.savez(sys.argv[3], **results)
"""


def export(generator: keras.Model, path: str | os.PathLike, options) -> None:
    """Writes a generator as a `.keras` file."""
    del options  # It is of one precision, and of any size.
    save_generator(generator, path)
