"""Has deep networks judge the styles of a file of several, or one that paints like any.

    python benchmarks/collection.py --photos=data/coco/train2017 \
        --paintings=data/styles --style=paintings16 \
        --strengths_of=great_wave,composition_vii,olive_orchard \
        --resnet=data/loss_networks/resnet50_stages_1_3.npz
    python benchmarks/collection.py --photos=data/coco/train2017 \
        --paintings=data/styles,data/more_styles --style=any --beside=paintings16 \
        --resnet=data/loss_networks/resnet50_stages_1_3.npz

On the last 16 photos, at a longer side of 384 pixels. Beside each painting's figures
stand those of the bundled style of its name, or of `--beside`. Style is divided by that
of the photos as they are: they have style 1 and content 0. Writes `figures.json`, and
`table.md` with a line for each painting and each of `--strengths_of`.
"""

import json
import pathlib

from absl import app
from absl import flags
from trials import judge_style
from trials import split_photos

JUDGES = ("resnet50", "squeezenet")
COLUMNS = tuple(f"{kind}_{judge}" for judge in JUDGES for kind in ("style", "content"))
STRENGTHS = (0.2, 0.4, 0.55, 0.7, 0.85, 1.0)

_PHOTOS = flags.DEFINE_string("photos", None, "folder of photos", required=True)
_PAINTINGS = flags.DEFINE_list("paintings", None, "files, folders", required=True)
_STYLE = flags.DEFINE_string("style", "paintings16", "what is judged")
_BESIDE = flags.DEFINE_string("beside", None, "a file of several; None: single styles")
_STRENGTHS_OF = flags.DEFINE_list("strengths_of", [], "names of paintings")
_FOLDER = flags.DEFINE_string("folder", None, "where to write; None: by the style")
_RESNET = flags.DEFINE_string("resnet", "imagenet", "weights of ResNet-50")


def main(argv):
    from fast_style.evaluation.report import write_json

    del argv
    default = f"runs/collection_{pathlib.Path(_STYLE.value).stem}"
    folder = pathlib.Path(_FOLDER.value or default)
    split_photos(_PHOTOS.value, folder)
    path = folder / "figures.json"
    figures = json.loads(path.read_text()) if path.is_file() else {}
    for painting in list_paintings():
        for key, style, options in list_questions(painting):
            if key not in figures:
                figures[key] = judge(painting, folder, style, options)
                write_json(figures, path)
                write_tables(figures, folder / "table.md")
    print(folder / "table.md")


def list_paintings():
    from fast_style.data.photos import list_images

    paths = []
    for path in _PAINTINGS.value:
        paths += list_images(path)[0] if pathlib.Path(path).is_dir() else [path]
    return [pathlib.Path(path) for path in paths]


def list_questions(painting):
    """Yields a key, a style and options for all that is judged with a painting."""
    name = painting.stem
    yield f"{name} photo", None, {}
    if (chosen := choose(_STYLE.value, painting)) is None:
        return
    strengths = STRENGTHS if name in _STRENGTHS_OF.value else (1.0,)
    for strength in strengths:
        yield f"{name} {strength:g}", _STYLE.value, {**chosen, "strength": strength}
    beside = _BESIDE.value or find_single(name)
    if beside and (chosen := choose(beside, painting)) is not None:
        yield f"{name} beside", beside, chosen


def choose(style, painting):
    """Returns what a style is told to paint like a painting; None: it cannot."""
    from fast_style.inference.stylizer import load_style

    stylizer = load_style(style)
    if stylizer.is_any:
        return {"style_image": painting}
    if stylizer.names:
        name = painting.stem
        return {"name": name} if name in stylizer.names else None
    return {}


def find_single(name):
    from fast_style.models.catalog import list_styles

    return name if name in list_styles() else None


def judge(painting, folder, style, options):
    from fast_style.evaluation.loss_setup import load_train_config
    from fast_style.io.images import load_image
    from fast_style.training.style_images import scale_painting

    image = scale_painting(load_image(painting), load_train_config(_STYLE.value))
    judges = {"squeezenet": "", "resnet50": _RESNET.value}
    return judge_style(style, image, folder / "photos" / "held_out", judges, **options)


def write_tables(figures, path):
    names = dict.fromkeys(key.partition(" ")[0] for key in figures)
    lines = [f"| painting | {' | '.join(COLUMNS)} |", "|---" * (1 + len(COLUMNS)) + "|"]
    for name in names:
        keys = [key for key in (f"{name} 1", f"{name} beside") if key in figures]
        cells = [
            " / ".join(divide(figures, name, key, column) for key in keys)
            for column in COLUMNS
        ]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    header = " | ".join(f"{strength:g}" for strength in STRENGTHS)
    for judge_name in JUDGES:
        lines += ["", f"| {judge_name} | {header} |", "|---" * 7 + "|"]
        for name in _STRENGTHS_OF.value:
            keys = [key for s in STRENGTHS if (key := f"{name} {s:g}") in figures]
            pairs = [
                [divide(figures, name, key, f"{kind}_{judge_name}") for key in keys]
                for kind in ("style", "content")
            ]
            cells = map(" / ".join, zip(*pairs, strict=True))
            lines.append(f"| `{name}` | {' | '.join(cells)} |")
    path.write_text("\n".join(lines) + "\n")


def divide(figures, name, key, column):
    value = figures[key][column]
    if column.startswith("style"):
        value /= figures[f"{name} photo"][column]
    return f"{value:.2f}"


if __name__ == "__main__":
    app.run(main)
