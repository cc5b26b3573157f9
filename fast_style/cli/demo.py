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
from fast_style.io.images import save_image
from fast_style.models.catalog import list_styles
from fast_style.training.run import train

_HEIGHT = 320
PHOTO = "coffee.png"


def run_demo(config: TrainConfig, folder: str | os.PathLike) -> pathlib.Path:
    """Trains a small style, exports it, and stylizes a photo in every way.

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
    for name in list_styles():
        _say(f"Stylizing {PHOTO} with the bundled style {name}.")
        stylized = _stylize(photo_path, name, folder / f"{name}.png")
        rows.append([photo, _draw_label(f"bundled style\n{name}", photo), stylized])

    _say(
        f"Training a new style for about two minutes, from the style picture "
        f"{pathlib.Path(config.style_image).name} and the photos of scikit-image. "
        f"The loss network is {config.loss_network} with "
        f"{_describe_weights(config)} A style to keep takes some half an hour: "
        "docs/training.md."
    )
    # Each demo trains anew: an old workdir would have nothing left to do.
    workdir = pathlib.Path(tempfile.mkdtemp(dir=folder, prefix="run-"))
    train(config, workdir)

    _say("Exporting it as a SavedModel, and stylizing with that.")
    report = export_style(workdir, folder / "saved_model")
    print(f"Largest difference from the Keras model: {report.max_difference} of 255.")
    stylized = _stylize(photo_path, report.path, folder / "new_style.png")
    rows.append([photo, load_image(config.style_image), stylized])

    sheet = folder / "contact_sheet.png"
    save_image(make_contact_sheet(rows, height=_HEIGHT), sheet)
    _say("Content, style and stylized picture, side by side:")
    return sheet.resolve()


def _describe_weights(config):
    return {
        "pocket": "the pocket weights that come along: VGG16's first blocks, nearly.",
        "random": "RANDOM weights, which see colours and small strokes, no more.",
    }.get(config.loss_network_weights, f"the weights {config.loss_network_weights}.")


def _say(text):
    print(f"\n=== {text}", flush=True)


def _stylize(photo_path, style, path):
    stylized = load_style(style)(photo_path)
    save_image(stylized, path)
    print(f"{photo_path.name} -> {path}")
    return np.asarray(stylized)


def _draw_label(text, like):
    height, width = like.shape[:2]
    label = Image.new("RGB", (width, height), (235, 235, 235))
    draw = ImageDraw.Draw(label)
    font = ImageFont.load_default(height / 14)
    middle = (width / 2, height / 2)
    draw.text(middle, text, "black", font, anchor="mm", align="center")
    return np.asarray(label)
