"""Draws the pictures of the docs about several styles in one file.

pip install ".[demo]" scikit-learn
python docs/make_collection_pictures.py
"""

import pathlib

import numpy as np
from PIL import Image
from sklearn.datasets import load_sample_image

import fast_style
from fast_style import samples
from fast_style.io.arrays import to_uint8
from fast_style.io.contact_sheets import make_contact_sheet
from fast_style.io.images import load_image
from fast_style.io.saving import save_image

IMAGES = pathlib.Path(__file__).parent / "images"
STYLE = "paintings16"
# A face, an animal, a thing, a landscape.
PHOTOS = ("astronaut.png", "chelsea.png", "coffee.png")
COLUMNS = 8


def main():
    folder = samples.find_sample_photos()
    photos = [to_uint8(load_image(folder / name)) for name in PHOTOS]
    photos.append(load_sample_image("china.jpg"))
    stylizer = fast_style.load_style(STYLE)
    sheet = draw_styles(stylizer, photos)
    save_image(sheet, IMAGES / "paintings16.jpg", quality=85)
    save_image(draw_strengths(stylizer, photos), IMAGES / "strengths.jpg")
    save_image(draw_mixtures(stylizer, photos[3]), IMAGES / "mixtures.jpg")


def draw_styles(stylizer, photos):
    """Draws the photos in each style, eight styles beside each other."""
    photos = [cut_square(photo, 192) for photo in photos]
    rows = []
    for begin in range(0, len(stylizer.names), COLUMNS):
        names = stylizer.names[begin : begin + COLUMNS]
        rows += [[stylizer(photo, name=name) for name in names] for photo in photos]
    return make_contact_sheet(rows, height=160)


def draw_strengths(stylizer, photos):
    """Draws two photos at strengths from 0 to 1."""
    rows = []
    for name, photo in zip(
        ("starry_night", "composition_vii"), photos[:2], strict=True
    ):
        photo = cut_square(photo, 256)
        strengths = (0, 0.2, 0.4, 0.55, 0.7, 0.85, 1)
        rows.append([stylizer(photo, name=name, strength=s) for s in strengths])
    return make_contact_sheet(rows, height=200)


def draw_mixtures(stylizer, photo):
    """Draws two styles, half of each, and one above the other."""
    first, second = "great_wave", "wheat_field_with_cypresses"
    height, width = photo.shape[:2]
    sky = np.linspace(2, -1, height)[:, None].repeat(width, axis=1)
    sky = to_uint8(255 * np.clip(sky, 0, 1))
    pictures = [
        stylizer(photo, name=first),
        stylizer(photo, styles={first: 0.5, second: 0.5}),
        stylizer(photo, name=second),
        stylizer(photo, styles={first: sky, second: 255 - sky}),
    ]
    return make_contact_sheet([pictures], height=220)


def cut_square(photo, size):
    side = min(photo.shape[:2])
    left = (photo.shape[1] - side) // 2
    square = Image.fromarray(photo).crop((left, 0, left + side, side))
    return np.asarray(square.resize((size, size)))


if __name__ == "__main__":
    main()
