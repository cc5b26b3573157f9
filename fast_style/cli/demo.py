"""All of it in a few minutes: stylize, train, export, stylize with the export."""

import os
import pathlib
import tempfile

import numpy as np
from PIL import Image
from PIL import ImageDraw
from PIL import ImageFont

from fast_style import samples
from fast_style.config.train_config import TrainConfig
from fast_style.inference.export import export_style
from fast_style.inference.stylizer import load_style
from fast_style.io.contact_sheets import make_contact_sheet
from fast_style.io.images import load_image
from fast_style.io.saving import save_image
from fast_style.models.catalog import list_collections
from fast_style.models.catalog import list_styles
from fast_style.training.run import train

PHOTO = "coffee.png"
_HEIGHT = 320


def run_demo(config: TrainConfig, folder: str | os.PathLike) -> pathlib.Path:
    """Trains a small style, exports it, and stylizes a photo in every way.

    Prints what it does, a line for each result.

    Args:
        config: The training, which `configs/quickstart.py` holds.
        folder: Gets a fresh training, the export and the pictures.

    Returns:
        Path of the contact sheet.

    Raises:
        ImportError: If scikit-image, which brings the photos, is missing.
    """
    photo_path = samples.find_sample_photos() / PHOTO
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    photo = load_image(photo_path)
    rows = []
    print(f"1 of 3: stylizing {PHOTO} with the bundled styles.", flush=True)
    for name in list_styles():
        stylized = _stylize(photo_path, name, folder / f"{name}.png")
        rows.append([photo, _draw_label(f"bundled style\n{name}", photo), stylized])
    for name in list_collections():
        choice, shown = _choose(name, photo)
        stylized = _stylize(photo_path, name, folder / f"{name}.png", **choice)
        rows.append([photo, shown, stylized])

    print(_describe_training(config), flush=True)
    workdir = _train(config, folder)

    print("3 of 3: exporting the new style as a SavedModel.", flush=True)
    report = export_style(workdir, folder / "saved_model")
    _tell(report.path, f"differs from the original by {report.max_difference} of 255")
    stylized = _stylize(photo_path, report.path, folder / "new_style.png")
    rows.append([photo, load_image(config.style_image), stylized])

    sheet = folder / "contact_sheet.png"
    save_image(make_contact_sheet(rows, height=_HEIGHT), sheet)
    print(f"Done. All pictures side by side: {_shorten(sheet)}")
    return sheet.resolve()


def _describe_training(config):
    text = (
        f"2 of 3: training a new style on {pathlib.Path(config.style_image).name}. "
        "This takes one to two minutes."
    )
    if "random" in {term.network_weights for term in config.terms.values()}:
        text += " The loss network has RANDOM weights: expect no likeness."
    return text


def _train(config, folder):
    """Trains anew each time: an old workdir would have nothing left to do."""
    workdir = pathlib.Path(tempfile.mkdtemp(dir=folder, prefix="run-"))
    path = train(config, workdir)
    page = workdir / "index.html"
    _tell(path, f"to look at: {_shorten(page)}" if page.is_file() else "")
    return workdir


def _choose(collection, photo):
    """Returns what a collection is told, and a picture that says it."""
    names = load_style(collection).names
    if not names:  # It paints like any picture.
        return {"style_image": samples.STYLE_IMAGE}, load_image(samples.STYLE_IMAGE)
    # One that has no file of its own.
    name = next((each for each in names if each not in list_styles()), names[0])
    return {"name": name}, _draw_label(f"{collection}\n{name}", photo)


def _stylize(photo_path, style, path, **choice):
    stylized = load_style(style)(photo_path, **choice)
    save_image(stylized, path)
    _tell(path)
    return np.asarray(stylized)


def _tell(path, text=""):
    print(f"  {_shorten(path)}{f' ({text})' if text else ''}", flush=True)


def _shorten(path):
    """Returns a path as it is seen from the current folder, if it is below that."""
    path, here = path.resolve(), pathlib.Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _draw_label(text, like):
    height, width = like.shape[:2]
    label = Image.new("RGB", (width, height), (235, 235, 235))
    draw = ImageDraw.Draw(label)
    font = ImageFont.load_default(height / 14)
    middle = (width / 2, height / 2)
    draw.text(middle, text, "black", font, anchor="mm", align="center")
    return np.asarray(label)
