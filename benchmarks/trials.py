"""What the benchmarks that train have in common: photos, time and judges."""

import json
import os
import pathlib
import time

from machine import describe_machine
import numpy as np

from fast_style.data.photos import list_images

NUM_HELD_OUT = 16
# Longer side of the held-out photos, which are judged as a whole.
JUDGED_SIZE = 384
_SECONDS_FILE = "seconds.json"


def split_photos(photos, folder):
    """Links all but the last photos in `photos/train`, those in `photos/held_out`.

    Args:
        photos: Folder of photos.
        folder: Gets the two folders.

    Raises:
        ValueError: If there are trials on other photos in `folder`.
    """
    paths = list_images(photos)[0]
    for part, chosen in (
        ("train", paths[:-NUM_HELD_OUT]),
        ("held_out", paths[-NUM_HELD_OUT:]),
    ):
        target = folder / "photos" / part
        target.mkdir(parents=True, exist_ok=True)
        links = {
            target / os.path.relpath(path, photos).replace(os.sep, "_"): path
            for path in chosen
        }
        for link, path in links.items():
            if not link.is_symlink():
                link.symlink_to(os.path.abspath(path))
        if set(target.iterdir()) != set(links):
            raise ValueError(f"The trials in {folder} had other photos; name another.")


def train_and_time(config, workdir):
    """Trains, and notes the seconds, unless it is the rest of a stopped training."""
    from fast_style.training.run import train

    is_resumed = (workdir / "checkpoints").is_dir()
    start = time.perf_counter()
    train(config, workdir)
    seconds = time.perf_counter() - start
    if not is_resumed:
        (workdir / _SECONDS_FILE).write_text(json.dumps(seconds))


def read_seconds(workdir):
    """Returns what `train_and_time` noted, or None."""
    path = pathlib.Path(workdir) / _SECONDS_FILE
    return json.loads(path.read_text()) if path.is_file() else None


def judge_style(style, painting, folder, judges, *, size=JUDGED_SIZE, **options):
    """Has deep networks judge a style on whole photos.

    Args:
        style: As in `load_style`; None: the photos as they are.
        painting: RGB `(H, W, 3)` in [0, 255].
        folder: Of the photos.
        judges: Dict from network to its weights.
        size: Longer side that the photos are scaled to.
        **options: As in `stylize`.

    Returns:
        Dict from `style_<network>` and `content_<network>` to means over the photos.
    """
    from fast_style.evaluation.judge_networks import load_judge
    from fast_style.evaluation.judges import Judge
    from fast_style.inference.stylizer import load_style
    from fast_style.io.arrays import to_uint8
    from fast_style.io.images import load_resized

    photos = [load_resized(path, size) for path in list_images(folder)[0]]
    stylizer = load_style(style) if style else None
    results = [stylizer(to_uint8(p), **options) if stylizer else p for p in photos]
    values = {}
    for name, weights in judges.items():
        judge = Judge(name, painting, load_judge(name, weights))
        pairs = zip(photos, results, strict=True)
        compared = [judge.compare(p, np.asarray(r, "float32")) for p, r in pairs]
        for key in ("style", "content"):
            values[f"{key}_{name}"] = float(np.mean([each[key] for each in compared]))
    return values


def measure_judges(style, painting, held_out, weights, teachers, size=JUDGED_SIZE):
    """Has judges compare stylized photos with the painting and with the photos.

    Args:
        style: As in `load_style`.
        painting: RGB `(H, W, 3)` in [0, 255].
        held_out: Folder of the photos.
        weights: Dict from judges to files of weights.
        teachers: Names of the networks that the style was trained on.
        size: Longer side of the photos.

    Returns:
        Dict from judges to their figures.
    """
    stylized = judge_style(style, painting, held_out, weights, size=size)
    photo = judge_style(None, painting, held_out, weights, size=size)
    return {
        name: {
            "is_seen": name in teachers,
            "style": stylized[f"style_{name}"],
            "style_of_photo": photo[f"style_{name}"],
            "style_share": stylized[f"style_{name}"] / photo[f"style_{name}"],
            "content": stylized[f"content_{name}"],
        }
        for name in weights
    }


def describe_training(config, minutes, photos):
    """Returns what a card says of a training.

    Args:
        config: Its `TrainConfig`.
        minutes: That it took.
        photos: How many of what it was trained on, such as `112 photos of COCO 2017`.
    """
    return {
        "teachers": sorted(config.networks),
        "photos": photos,
        "minutes": minutes,
        "steps": config.num_steps,
        "batch_size": config.batch_size,
        "image_size": config.image_size,
        "generator": config.generator,
        "machine": describe_machine(),
    }
