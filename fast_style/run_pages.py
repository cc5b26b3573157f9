"""What a training wrote, as a page to look at and as a line of a list."""

import base64
import dataclasses
import datetime
import io
import json
import os
import pathlib

import jinja2
from PIL import Image

import fast_style
from fast_style.checkpoints import list_checkpoints
from fast_style.config import from_json
from fast_style.files import replacing
from fast_style.images import load_image
from fast_style.images import to_uint8
from fast_style.metrics import read_metrics
from fast_style.reports import name_style
from fast_style.styles import STYLE_FILE
from fast_style.workdir import CHECKPOINT_FOLDER
from fast_style.workdir import CONFIG_FILE
from fast_style.workdir import CURVE_FILE
from fast_style.workdir import is_locked
from fast_style.workdir import METRICS_FILE
from fast_style.workdir import PAGE_FILE
from fast_style.workdir import read_divergences
from fast_style.workdir import SAMPLE_FOLDER

_TEMPLATE = pathlib.Path(__file__).parent / "templates" / "run.html"
_MAX_SHEETS = 16
_NUM_LAST_ROWS = 5
_MAX_SIDE = 1_600


def write_run_page(workdir: str | os.PathLike) -> pathlib.Path:
    """Writes one HTML page with all that is to be seen of a training.

    Pictures are in the page itself, so that it may be sent and opened anywhere.

    Args:
        workdir: Of a training that has begun.

    Returns:
        Path of the page, `index.html` in the workdir.
    """
    workdir = pathlib.Path(workdir)
    config = from_json((workdir / CONFIG_FILE).read_text())
    rows = read_metrics(workdir / METRICS_FILE)
    sheets = _choose_sheets(workdir / SAMPLE_FOLDER)
    style_image = pathlib.Path(config.style_image)
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
        curve=_embed(workdir / CURVE_FILE) if rows else "",
    )
    with replacing(workdir / PAGE_FILE) as temporary:
        temporary.write_text(page, encoding="utf-8")
    return workdir / PAGE_FILE


def _choose_sheets(folder):
    sheets = sorted((int(path.stem[5:]), path) for path in folder.glob("step-*.png"))
    # Evenly, and the last one in any case.
    stride = -(-len(sheets) // _MAX_SHEETS) or 1
    return sheets[::-1][::stride][::-1]


def _compare_with_defaults(config):
    fields = []
    for field in dataclasses.fields(config):
        value = getattr(config, field.name)
        shown = ", ".join(map(str, value)) if isinstance(value, tuple) else value
        is_changed = value != field.default
        fields.append({"name": field.name, "value": shown, "is_changed": is_changed})
    return fields


def _embed(path):
    # Curves have thin lines, which JPEG would blur.
    kind, options = ("JPEG", {"quality": 88})
    if path.name == CURVE_FILE:
        kind, options = ("PNG", {"optimize": True})
    image = Image.fromarray(to_uint8(load_image(path)))
    image.thumbnail((_MAX_SIDE, 4 * _MAX_SIDE))
    file = io.BytesIO()
    image.save(file, kind, **options)
    data = base64.b64encode(file.getvalue()).decode()
    return f"data:image/{kind.lower()};base64,{data}"


@dataclasses.dataclass(frozen=True)
class Run:
    """A training, as far as its workdir tells.

    Attributes:
        workdir: Its folder.
        state: `done`, `running`, `stopped`, or `damaged` if its config cannot
            be read.
        step: Steps done, by its newest checkpoint.
        num_steps: Steps in all.
        losses: The last line of `metrics.csv`; empty if there is none.
    """

    workdir: pathlib.Path
    state: str
    step: int = 0
    num_steps: int = 0
    losses: dict[str, float] = dataclasses.field(default_factory=dict)


def list_runs(folder: str | os.PathLike) -> list[Run]:
    """Lists the trainings in a folder and below, by path.

    Raises:
        FileNotFoundError: If there is no such folder.
    """
    folder = pathlib.Path(folder)
    if not folder.is_dir():
        raise FileNotFoundError(
            f"`folder` must be a folder that exists. Received: {os.fspath(folder)!r}"
        )
    return [
        _read_run(path.parent)
        for path in sorted(folder.rglob(CONFIG_FILE))
        if (path.parent / STYLE_FILE).is_file()
        or (path.parent / CHECKPOINT_FOLDER).is_dir()
        or is_locked(path.parent)
    ]


def _read_run(workdir):
    try:
        config = json.loads((workdir / CONFIG_FILE).read_text())
        num_steps = config["num_steps"]
        rows = read_metrics(workdir / METRICS_FILE)
    except (ValueError, KeyError, TypeError):
        return Run(workdir, "damaged")
    checkpoints = list_checkpoints(workdir / CHECKPOINT_FOLDER)
    step = checkpoints[-1][1] if checkpoints else 0
    if (workdir / STYLE_FILE).is_file():
        state, step = "done", num_steps
    else:
        state = "running" if is_locked(workdir) else "stopped"
    return Run(workdir, state, step, num_steps, rows[-1] if rows else {})
