"""Counts how many iterations of the slow method a start from a trained style saves.

    python benchmarks/optimize_start.py --photos=data/coco/train2017 \
        --paintings=data/styles/starry_night.jpg,data/more_styles/thatched_cottages.jpg

For each painting and some photos: L-BFGS from the photo, and after how many iterations
from the photo as `any` paints it the loss is as low as that after 30 and 60 of them.
Writes `curves_*.json`, with the losses of each, and `table.md`. What is done already is
not done again.
"""

import json
import pathlib

from absl import app
from absl import flags

import fast_style
from fast_style.data.photos import list_images
from fast_style.evaluation.report import write_json

_PHOTOS = flags.DEFINE_string("photos", None, "folder of photos", required=True)
_NUM_PHOTOS = flags.DEFINE_integer("num_photos", 4, "how many, from the last on")
_PAINTINGS = flags.DEFINE_list("paintings", None, "files", required=True)
_START = flags.DEFINE_string("start", "any", "a style that paints like any picture")
_SIZE = flags.DEFINE_integer("size", 256, "longer side of the pictures")
_STEPS = flags.DEFINE_integer("steps", 60, "iterations of L-BFGS")
_FOLDER = flags.DEFINE_string("folder", "runs/optimize_start", "where to write")


def main(argv):
    del argv
    folder = pathlib.Path(_FOLDER.value)
    folder.mkdir(parents=True, exist_ok=True)
    settings = (pathlib.Path(_START.value).stem, _SIZE.value, _STEPS.value)
    path = folder / f"curves_{'_'.join(map(str, settings))}.json"
    curves = json.loads(path.read_text()) if path.is_file() else {}
    photos = list_images(_PHOTOS.value)[0][-_NUM_PHOTOS.value :]
    for painting in map(pathlib.Path, _PAINTINGS.value):
        for photo in map(pathlib.Path, photos):
            key = f"{painting.stem} {photo.stem}"
            if key not in curves:
                curves[key] = measure(photo, painting)
                write_json(curves, path)
                write_table(curves, folder / "table.md")
    print(folder / "table.md")


def measure(photo, painting):
    """Returns the losses of L-BFGS by where it begins, the start's own first."""
    options = {"style_image": painting, "max_size": _SIZE.value}
    stylized = fast_style.stylize(str(photo), _START.value, **options)
    curves = {}
    for name, start in (("content", "content"), (_START.value, stylized)):
        result = fast_style.optimize(
            str(photo),
            str(painting),
            start=start,
            image_size=_SIZE.value,
            num_steps=_STEPS.value,
        )
        curves[name] = [row["loss"] for row in result.losses]
    return curves


def write_table(curves, path):
    counts = (_STEPS.value // 2, _STEPS.value)
    header = " | ".join(f"as after {n} from the photo" for n in counts)
    lines = [f"| painting, photo | {header} |", "|---" * 3 + "|"]
    for key, pair in curves.items():
        from_photo, from_style = pair.values()
        cells = [count_until(from_style, from_photo[min(n, len(from_photo) - 1)])
                 for n in counts]  # fmt: skip
        lines.append(f"| {key} | {' | '.join(cells)} |")
    path.write_text("\n".join(lines) + "\n")


def count_until(losses, wanted):
    reached = (step for step, loss in enumerate(losses) if loss <= wanted)
    return str(next(reached, f"over {len(losses) - 1}"))


if __name__ == "__main__":
    app.run(main)
