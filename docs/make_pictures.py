"""Draws the pictures of README and docs anew, from photos that pip installs.

python docs/make_pictures.py
"""

import pathlib

import fast_style
from fast_style import samples
from fast_style.images import load_image
from fast_style.images import make_contact_sheet
from fast_style.images import save_image

FOLDER = pathlib.Path(__file__).parent / "images"
ROWS = (("coffee.png", "chelsea.png"), ("rocket.jpg", "astronaut.png"))


def main():
    for name in fast_style.list_styles():
        stylizer = fast_style.load_style(name)
        sheet = []
        for row in ROWS:
            pictures = []
            for photo in row:
                image = load_image(samples.find_sample_photos() / photo)
                stylized = stylizer(image)
                save_image(stylized, FOLDER / name / f"{pathlib.Path(photo).stem}.jpg")
                pictures += [image, stylized]
            sheet.append(pictures)
        save_image(make_contact_sheet(sheet, height=320), FOLDER / f"{name}.jpg")


if __name__ == "__main__":
    main()
