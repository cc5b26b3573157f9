"""Draws what each recipe of the slow method does to a photo, for docs/optimization.md.

    pip install ".[demo,report]"
    python docs/make_recipe_pictures.py --painting=great_wave.jpg \
        --vgg16=vgg16.npz --vgg19=vgg19.npz --folder=runs/recipes

A result that is in the folder already is not computed again; `--only` computes one
recipe and draws nothing.
"""

import argparse
import pathlib

import fast_style
from fast_style import samples
from fast_style.io.arrays import to_uint8
from fast_style.io.contact_sheets import make_contact_sheet
from fast_style.io.images import load_image
from fast_style.io.images import load_resized
from fast_style.io.saving import save_image
from fast_style.iterative.presets import PRESETS

IMAGES = pathlib.Path(__file__).parent / "images"
PHOTO = "astronaut.png"
SIZE = 256  # Longer side in pixels; the painting has the same, as in the recipes.
# Fewer than the recipe's 500 and 1,000, which take an hour on two cores.
NUM_STEPS = {"gatys2016": 150, "keras_vgg19": 250}
HEIGHT = 208  # Of the strip.
THUMBNAIL = 96  # The painting's longer side in it.
CLASSIC = ("gatys2016", "vgg16_adam", "keras_vgg19", "pytorch_tutorial")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--painting", required=True)
    parser.add_argument("--vgg16", required=True, help="file with its weights")
    parser.add_argument("--vgg19", required=True, help="file with its weights")
    parser.add_argument("--folder", required=True, type=pathlib.Path)
    parser.add_argument("--only", choices=CLASSIC)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for recipe in [arguments.only] if arguments.only else CLASSIC:
        paint(recipe, arguments)
    if not arguments.only:
        save_image(draw_strip(arguments), IMAGES / "recipes.jpg", quality=82)


def paint(recipe, arguments):
    path = arguments.folder / f"{recipe}.png"
    if path.is_file():
        return
    config = PRESETS[recipe].config
    network = config.terms["style"].network
    result = fast_style.optimize(
        samples.find_sample_photos() / PHOTO,
        arguments.painting,
        preset=recipe,
        image_size=SIZE,
        num_steps=NUM_STEPS.get(recipe, config.num_steps),
        **{"terms.all.network_weights": getattr(arguments, network)},
    )
    if result.is_interrupted:  # Its picture is not what the recipe gives.
        raise KeyboardInterrupt
    result.save(path)
    print(recipe, result.losses[0], result.losses[-1])


def draw_strip(arguments):
    """Puts the photo, with a small painting in its corner, beside the results."""
    photo = to_uint8(load_resized(samples.find_sample_photos() / PHOTO, SIZE))
    painting = to_uint8(load_resized(arguments.painting, THUMBNAIL))
    results = [load_image(arguments.folder / f"{recipe}.png") for recipe in CLASSIC]
    corner = photo.copy()
    corner[-len(painting) :, : painting.shape[1]] = painting
    return make_contact_sheet([[corner, *results]], height=HEIGHT)


if __name__ == "__main__":
    main()
