"""Times styles of a file that has several, or any, beside one style of the same size.

    python benchmarks/conditions.py --painting=my_painting.jpg --any=runs/any

Per engine and size, in turns: a style alone, one of `paintings16`, a mixture of two at
a strength of 0.6, and with `--any` that painting. Then what is done once for each
painting or mixture, beside compiling, which a style alone needs as well.
"""

import functools

from absl import app
from absl import flags
import numpy as np
from turns import print_table
from turns import take_turns

import fast_style
from fast_style.inference.looking import look_at
from fast_style.models.catalog import find_style
from fast_style.models.style_files import fold
from fast_style.models.style_files import read_style

_ALONE = flags.DEFINE_string("alone", "starry_night", "one of `paintings16`")
_ANY = flags.DEFINE_string("any", None, "a style that paints like any picture")
_PAINTING = flags.DEFINE_string("painting", None, "to look at", required=True)
_ENGINES = flags.DEFINE_list("engines", ["openvino", "tensorflow"], "with commas")
_SIZES = flags.DEFINE_list("sizes", ["256", "512"], "sides of the pictures")
_ROUNDS = flags.DEFINE_integer("rounds", 15, "how often each is timed")


def main(argv):
    del argv
    rows = []
    for engine in _ENGINES.value:
        contestants = make_contestants(engine)
        for size in map(int, _SIZES.value):
            rows.append([engine, size, *time_pictures(contestants, size)])
    header = ("engine", "size", "alone, ms", *list(contestants)[1:])
    print_table(header, rows)
    print_table(("once", "ms"), time_preparations())


def make_contestants(engine):
    """Returns a dict of functions of a picture; the first is the style alone."""
    many = fast_style.load_style("paintings16", engine=engine)
    mixture = {many.names[0]: 0.5, many.names[1]: 0.5}
    contestants = {
        "alone": fast_style.load_style(_ALONE.value, engine=engine),
        "one of sixteen": functools.partial(many, name=_ALONE.value),
        "mixture": functools.partial(many, styles=mixture, strength=0.6),
    }
    if _ANY.value:
        style = fast_style.load_style(_ANY.value, engine=engine)
        contestants["any"] = functools.partial(style, style_image=_PAINTING.value)
    return contestants


def time_pictures(contestants, size):
    """Returns milliseconds of the first, and times of the others as ratios to it."""
    photo = np.random.default_rng(0).integers(0, 256, (size, size, 3), "uint8")
    runs = {name: functools.partial(run, photo) for name, run in contestants.items()}
    alone, *others = take_turns(runs, rounds=_ROUNDS.value).values()
    return [f"{alone * 1e3:.0f}", *(f"{seconds / alone:.2f}" for seconds in others)]


def time_preparations():
    style = read_style(find_style("paintings16"))
    shares = style.conditions.mix({style.conditions.names[0]: 1})
    contestants = {
        "looking at the painting": functools.partial(look_at, _PAINTING.value),
        "folding the numbers of a style": functools.partial(fold, style, shares),
    }
    times = take_turns(contestants, rounds=_ROUNDS.value)
    return [(name, f"{seconds * 1e3:.0f}") for name, seconds in times.items()]


if __name__ == "__main__":
    app.run(main)
