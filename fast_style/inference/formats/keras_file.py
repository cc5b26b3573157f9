"""The `.keras` file of a generator, which a training writes."""

import os

import keras

from fast_style.inference.reloading import READ_CASES
from fast_style.models.saving import save_generator

# For `parity.py`. A `.keras` file is read by fast_style itself.
RELOAD = f"""{READ_CASES}
from fast_style.inference.stylizer import load_style
stylize = load_style(sys.argv[1], engine="tensorflow")
def answer(image, style_weights=None, strength=None):
    if style_weights is None:
        return stylize(image)
    return np.stack([
        stylize(each, styles=dict(zip(stylize.names, map(float, w))), strength=float(s))
        for each, w, s in zip(image, style_weights, strength)
    ])
results = {{name: answer(**case) for name, case in cases.items()}}
np.savez(sys.argv[3], **results)
"""


def export(generator: keras.Model, path: str | os.PathLike, options) -> None:
    """Writes a generator as a `.keras` file."""
    del options  # It is of one precision, and of any size.
    save_generator(generator, path)
