"""Draws the pictures of the README and the docs again, from photos of scikit-image.

python docs/make_pictures.py
"""

import pathlib

import fast_style
from fast_style import samples
from fast_style.io.contact_sheets import make_contact_sheet
from fast_style.io.images import load_image
from fast_style.io.images import save_image

FOLDER = pathlib.Path(__file__).parent / "images"
PHOTOS = ("coffee.png", "chelsea.png", "rocket.jpg", "astronaut.png")


def main():
    photos = [load_image(samples.find_sample_photos() / name) for name in PHOTOS]
    columns = [photos]
    for name in fast_style.list_styles():
        columns.append([fast_style.load_style(name)(photo) for photo in photos])
        for file, picture in zip(PHOTOS, columns[-1], strict=True):
            save_image(picture, FOLDER / name / f"{pathlib.Path(file).stem}.jpg")
    rows = [[crop(picture) for picture in row] for row in zip(*columns, strict=True)]
    save_image(make_contact_sheet(rows, height=200), FOLDER / "styles.jpg")


def crop(picture):
    return picture[: picture.shape[1] * 2 // 3]  # To 3:2, so that columns line up.


if __name__ == "__main__":
    main()
