"""Draws the pictures of the README and the docs again, from photos that may be shown.

pip install ".[demo]" scikit-learn
python docs/make_pictures.py
"""

import pathlib

import numpy as np
from PIL import Image
from PIL import ImageDraw
from PIL import ImageFont
from sklearn.datasets import load_sample_image

import fast_style
from fast_style import samples
from fast_style.io.arrays import to_uint8
from fast_style.io.contact_sheets import make_contact_sheet
from fast_style.io.images import load_image
from fast_style.io.saving import save_image

DOCS = pathlib.Path(__file__).parent
# A face, a thing, an animal, a dark one with a sky, text.
PHOTOS = ("astronaut.png", "coffee.png", "chelsea.png", "rocket.jpg", "text.png")
WIDTH, HEIGHT = 240, 160  # Of a picture in the gallery.


def main():
    folder = samples.find_sample_photos()
    photos = [to_uint8(load_image(folder / name)) for name in PHOTOS]
    photos.append(load_sample_image("china.jpg"))
    rows = [("photo", photos)]
    for name in fast_style.list_styles():
        pictures = [fast_style.load_style(name)(photo) for photo in photos]
        save_image(make_sheet(pictures), DOCS / "styles" / f"{name}.jpg")
        rows.append((name, pictures))
    draw_gallery(rows).save(DOCS / "images" / "styles.jpg", quality=90)
    save_image(make_adjusted(photos[2]), DOCS / "images" / "adjusted.jpg")
    save_image(make_options(photos[0]), DOCS / "images" / "options.jpg")


def make_adjusted(photo):
    stylizer = fast_style.load_style("starry_night")
    pictures = [stylizer(photo, strength=strength) for strength in (0, 0.4, 0.7, 1)]
    pictures.append(stylizer(photo, preserve_color=True))
    return make_contact_sheet([pictures], height=190)


def make_options(photo):
    stylizer = fast_style.load_style("composition_vii")
    height, width = photo.shape[:2]
    rows, columns = np.mgrid[:height, :width]
    # All but the face, with a soft edge.
    distance = np.hypot(rows - 0.23 * height, columns - 0.44 * width) / height
    mask = to_uint8(255 * np.clip((distance - 0.15) / 0.05, 0, 1))
    pictures = [photo, stylizer(photo), stylizer(photo, mask=mask)]
    pictures += [stylizer(photo, scale=scale) for scale in (0.5, 2)]
    return make_contact_sheet([pictures], height=280)


def make_sheet(pictures):
    """Puts pictures in two columns, at full size."""
    columns = [pictures[::2], pictures[1::2]]
    widths = [max(picture.shape[1] for picture in column) for column in columns]
    height = max(sum(picture.shape[0] + 4 for picture in column) for column in columns)
    sheet = Image.new("RGB", (sum(widths) + 4, height - 4), "white")
    for left, column in zip((0, widths[0] + 4), columns, strict=True):
        top = 0
        for picture in column:
            sheet.paste(Image.fromarray(picture), (left, top))
            top += picture.shape[0] + 4
    return sheet


def draw_gallery(rows):
    """Draws a row of pictures for each style, with its name above."""
    shown = (0, 1, 2, 3, 5)  # All but the text, which wants its full size.
    size = (len(shown) * (WIDTH + 4), len(rows) * (HEIGHT + 24))
    gallery = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(gallery)
    for row, (name, pictures) in enumerate(rows):
        top = row * (HEIGHT + 24)
        draw.text((2, top + 4), name, "black", font=ImageFont.load_default(14))
        for column, index in enumerate(shown):
            picture = crop(Image.fromarray(pictures[index]))
            gallery.paste(picture, (column * (WIDTH + 4), top + 22))
    return gallery


def crop(picture):
    height = round(picture.width * HEIGHT / WIDTH)
    return picture.crop((0, 0, picture.width, height)).resize((WIDTH, HEIGHT))


if __name__ == "__main__":
    main()
