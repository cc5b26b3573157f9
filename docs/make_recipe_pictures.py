"""Draws what each recipe of the slow method does to a photo, for docs/optimization.md.

    pip install ".[demo,report]"
    python docs/make_recipe_pictures.py --painting=great_wave.jpg \
        --vgg16=vgg16.npz --vgg19=vgg19.npz --folder=runs/recipes

Each recipe has its own number of steps. A result that is in the folder already is not
computed again; `--only` computes one recipe and draws nothing.
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
# A face, and a thing on a plain ground.
PHOTOS = ("astronaut.png", "coffee.png")
SIZE = 256  # Longer side in pixels; the painting has the same, as in the recipes.
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
        for photo in PHOTOS:
            paint(recipe, photo, arguments)
    if not arguments.only:
        save_image(draw_strip(arguments), IMAGES / "recipes.jpg", quality=88)


def find_result(recipe, photo, folder):
    return folder / f"{recipe}_{pathlib.Path(photo).stem}.png"


def paint(recipe, photo, arguments):
    path = find_result(recipe, photo, arguments.folder)
    if path.is_file():
        return
    network = PRESETS[recipe].config.terms["style"].network
    result = fast_style.optimize(
        samples.find_sample_photos() / photo,
        arguments.painting,
        preset=recipe,
        image_size=SIZE,
        **{"terms.all.network_weights": getattr(arguments, network)},
    )
    if result.is_interrupted:  # Its picture is not what the recipe gives.
        raise KeyboardInterrupt
    result.save(path)
    print(recipe, photo, result.losses[0], result.losses[-1])


def draw_strip(arguments):
    """Puts a photo and what became of it in each row, below a small painting."""
    rows = []
    for photo in PHOTOS:
        results = [load_image(find_result(r, photo, arguments.folder)) for r in CLASSIC]
        original = load_resized(samples.find_sample_photos() / photo, SIZE)
        rows.append([to_uint8(picture) for picture in (original, *results)])
    return make_contact_sheet(rows, height=min(len(row[0]) for row in rows))


if __name__ == "__main__":
    main()
