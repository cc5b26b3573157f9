"""Draws the picture of the docs about a style that paints like any picture.

pip install ".[demo]" scikit-learn
python docs/make_any_pictures.py PAINTING...

A column for each painting. Paintings themselves are not drawn.
"""

import pathlib
import sys

from make_collection_pictures import cut_square
from sklearn.datasets import load_sample_image

import fast_style
from fast_style import samples
from fast_style.io.arrays import to_uint8
from fast_style.io.contact_sheets import make_contact_sheet
from fast_style.io.images import load_image
from fast_style.io.saving import save_image

IMAGES = pathlib.Path(__file__).parent / "images"
# A face, an animal, a thing; a landscape comes beside them.
PHOTOS = ("astronaut.png", "chelsea.png", "coffee.png")


def main(paintings):
    folder = samples.find_sample_photos()
    photos = [to_uint8(load_image(folder / name)) for name in PHOTOS]
    photos.append(load_sample_image("china.jpg"))
    stylizer = fast_style.load_style("any")
    rows = []
    for photo in photos:
        photo = cut_square(photo, 256)
        rows.append([photo, *(stylizer(photo, style_image=x) for x in paintings)])
    save_image(make_contact_sheet(rows, height=200), IMAGES / "any.jpg", quality=85)


if __name__ == "__main__":
    main(sys.argv[1:])
