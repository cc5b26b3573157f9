"""Shows what `style_weight` does: a row of pictures from photo to painting.

    python benchmarks/knob.py --photos=data/coco/train2017 \
        --paintings=data/styles/great_wave.jpg,data/styles/starry_night.jpg \
        --resnet=data/loss_networks/resnet50_stages_1_3.npz

Each picture is of a training of its own, which begins with the bundled style of the
painting and goes on for `--steps` with another weight. Adds a row to `knob.jpg` for
each painting. What is done already is not done again.
"""

import pathlib
import subprocess
import sys

from absl import app
from absl import flags
from trials import split_photos

WEIGHTS = (0.25, 0.5, 1.0, 2.0, 4.0)
PHOTO = "coffee.png"  # Of scikit-image, so that it may be published.

_PHOTOS = flags.DEFINE_string("photos", None, "folder of photos", required=True)
_PAINTINGS = flags.DEFINE_list("paintings", None, "files", required=True)
_FOLDER = flags.DEFINE_string("folder", "runs/knob", "where to write")
_RESNET = flags.DEFINE_string("resnet", "imagenet", "weights of ResNet-50")
_STEPS = flags.DEFINE_integer("steps", 250, "steps of each")
_CHILD = flags.DEFINE_list("child", None, "used by the script itself")


def main(argv):
    del argv
    folder = pathlib.Path(_FOLDER.value)
    if _CHILD.value:
        painting, weight = _CHILD.value
        train_with_weight(pathlib.Path(painting), float(weight), folder)
        return
    split_photos(_PHOTOS.value, folder)
    for painting in map(pathlib.Path, _PAINTINGS.value):
        for weight in WEIGHTS:
            if not name_picture(folder, painting, weight).is_file():
                # A process of its own: its memory ends with it.
                child = f"--child={painting},{weight}"
                command = [sys.executable, __file__, child, *sys.argv[1:]]
                subprocess.run(command, check=True)
    draw_strips(folder)
    print(folder / "knob.jpg")


def name_picture(folder, painting, weight):
    return folder / f"{painting.stem}_{weight}.png"


def train_with_weight(painting, weight, folder):
    from fast_style.config.train_config import TrainConfig
    from fast_style.inference.stylizer import load_style
    from fast_style.io.images import load_image
    from fast_style.io.saving import save_image
    from fast_style.samples import find_sample_photos
    from fast_style.training.run import train

    config = TrainConfig(
        style_image=str(painting),
        train_images=str(folder / "photos" / "train"),
        init_from=painting.stem,
        num_steps=_STEPS.value,
        style_weight=weight,
    )
    workdir = folder / f"{painting.stem}_{weight}"
    train(config, workdir)
    photo = load_image(find_sample_photos() / PHOTO)
    save_image(load_style(workdir)(photo), name_picture(folder, painting, weight))


def draw_strips(folder):
    from matplotlib.figure import Figure

    from fast_style.io.arrays import to_uint8
    from fast_style.io.images import load_image

    paintings = [pathlib.Path(painting) for painting in _PAINTINGS.value]
    size = (3 * len(WEIGHTS), 2.2 * len(paintings))
    figure = Figure(figsize=size, layout="constrained", dpi=120)
    grid = figure.subplots(len(paintings), len(WEIGHTS), squeeze=False)
    for row, painting in zip(grid, paintings, strict=True):
        for axes, weight in zip(row, WEIGHTS, strict=True):
            picture = load_image(name_picture(folder, painting, weight))
            axes.imshow(to_uint8(picture))
            axes.set_title(f"{painting.stem}, style_weight={weight:g}", fontsize=9)
            axes.axis("off")
    figure.savefig(folder / "knob.jpg")


if __name__ == "__main__":
    app.run(main)
