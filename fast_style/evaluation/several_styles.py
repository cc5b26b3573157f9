"""The report on a file of several styles: each alone, and all side by side."""

import pathlib

from absl import logging
import numpy as np
from PIL import Image

from fast_style.evaluation.one_style import evaluate_one
from fast_style.evaluation.one_style import Inputs
from fast_style.evaluation.photos import cut_square
from fast_style.evaluation.report import write_json
from fast_style.evaluation.report import write_overview
from fast_style.io.arrays import to_uint8
from fast_style.io.contact_sheets import make_contact_sheet
from fast_style.io.saving import save_image

_NUM_PHOTOS = 4
_STYLES_PER_ROW = 8
_HEIGHT = 192


def evaluate_several(inputs: Inputs, paintings: dict, workdir) -> dict:
    """Measures all styles of a file and writes a report on them.

    Args:
        inputs: What they are measured with.
        paintings: Dict from the names of the styles to RGB `(H, W, 3)` in [0, 255].
        workdir: Gets `report.json`, `report.md`, the sheet `styles.png`, and a folder
            with the report on each style.

    Returns:
        Dict with `style` and, under `styles`, the report on each.
    """
    workdir = pathlib.Path(workdir)
    reports = {}
    for number, (name, painting) in enumerate(paintings.items(), start=1):
        logging.info("%s (%d of %d).", name, number, len(paintings))
        reports[name] = evaluate_one(inputs, name, painting, workdir / name)
    report = {"style": inputs.stylizer.name, "styles": reports}
    write_json(report, workdir / "report.json")
    save_image(draw_styles(inputs, paintings), workdir / "styles.png")
    write_overview(report, workdir / "report.md")
    return report


def draw_styles(inputs: Inputs, paintings: dict) -> Image.Image:
    """Draws the same photos in all styles, below their paintings.

    Args:
        inputs: With the photos.
        paintings: As in `evaluate_several`.
    """
    photos = list(inputs.photos.values())[:_NUM_PHOTOS]
    size = inputs.image_size
    white = np.full((size, size, 3), 255, "uint8")
    rows = []
    for names in _split(list(paintings), _STYLES_PER_ROW):
        rows.append([white, *(cut_square(paintings[name], size) for name in names)])
        for photo in photos:
            levels = to_uint8(photo)
            chosen = [inputs.choose(name, paintings[name]) for name in names]
            rows.append([photo, *(inputs.stylizer(levels, **each) for each in chosen)])
    return Image.fromarray(make_contact_sheet(rows, height=_HEIGHT))


def _split(items, length):
    return [items[i : i + length] for i in range(0, len(items), length)]
