"""Writes the page of a training: its config, curves, samples and losses."""

import base64
import dataclasses
import datetime
import io
import os
import pathlib

from PIL import Image

import fast_style
from fast_style.config.loss_config import make_default_terms
from fast_style.config.serialization import from_json
from fast_style.io.arrays import to_uint8
from fast_style.io.extras import check_installed
from fast_style.io.files import write_text
from fast_style.io.history import read_history
from fast_style.io.images import load_image
from fast_style.models.catalog import name_style
from fast_style.training.workdir import CONFIG_FILE
from fast_style.training.workdir import CURVE_FILE
from fast_style.training.workdir import HISTORY_FILE
from fast_style.training.workdir import PAGE_FILE
from fast_style.training.workdir import read_divergences
from fast_style.training.workdir import SAMPLE_FOLDER

_TEMPLATE = pathlib.Path(__file__).parent / "templates" / "run.html"
_MAX_SHEETS = 16
_NUM_LAST_ROWS = 5
_MAX_SIDE = 1_600


def write_run_page(workdir: str | os.PathLike) -> pathlib.Path:
    """Writes one HTML page that shows a training.

    Pictures are embedded, so that the page can be sent and opened anywhere.

    Args:
        workdir: Folder of a training that has begun.

    Returns:
        Path of the page, `index.html` in the workdir.

    Raises:
        ImportError: If jinja2 is missing.
    """
    check_installed("jinja2", "The page of a training")
    import jinja2

    workdir = pathlib.Path(workdir)
    config = from_json((workdir / CONFIG_FILE).read_text())
    rows = read_history(workdir / HISTORY_FILE)
    sheets = _choose_sheets(workdir / SAMPLE_FOLDER)
    style_image = pathlib.Path(config.style_image)
    curve = workdir / CURVE_FILE
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    page = environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        name=name_style(workdir),
        workdir=os.fspath(workdir),
        version=fast_style.__version__,
        date=datetime.datetime.now().strftime("%Y-%m-%d %H:%M"),
        num_steps=rows[-1]["step"] if rows else 0,
        config=config,
        fields=_compare_with_defaults(config),
        divergences=read_divergences(workdir),
        style_image=_embed(style_image) if style_image.is_file() else "",
        sheets=[{"step": step, "image": _embed(path)} for step, path in sheets],
        last=rows[-1] if rows else {},
        rows=[*rows[:1], *rows[1:][-_NUM_LAST_ROWS:]],
        curve=_embed(curve) if curve.is_file() else "",
    )
    write_text(page, workdir / PAGE_FILE)
    return workdir / PAGE_FILE


def _choose_sheets(folder):
    sheets = sorted((int(path.stem[5:]), path) for path in folder.glob("step-*.png"))
    # Evenly spaced, and always the last one.
    stride = -(-len(sheets) // _MAX_SHEETS) or 1
    return sheets[::-1][::stride][::-1]


def _compare_with_defaults(config):
    default_terms = make_default_terms()
    rows = [
        (field.name, getattr(config, field.name), field.default)
        for field in dataclasses.fields(config)
        if field.name != "terms"
    ]
    for name, term in config.terms.items():
        rows += [
            (
                f"terms.{name}.{field.name}",
                getattr(term, field.name),
                getattr(default_terms.get(name), field.name, None),
            )
            for field in dataclasses.fields(term)
        ]
    return [
        {
            "name": name,
            "value": ", ".join(map(str, value)) if isinstance(value, tuple) else value,
            "is_changed": value != default,
        }
        for name, value, default in rows
    ]


def _embed(path):
    # JPEG would blur the thin lines of curves.
    kind, options = ("JPEG", {"quality": 88})
    if path.name == CURVE_FILE:
        kind, options = ("PNG", {"optimize": True})
    image = Image.fromarray(to_uint8(load_image(path)))
    image.thumbnail((_MAX_SIDE, 4 * _MAX_SIDE))
    file = io.BytesIO()
    image.save(file, kind, **options)
    data = base64.b64encode(file.getvalue()).decode()
    return f"data:image/{kind.lower()};base64,{data}"
