"""What the benchmarks that train have in common: photos and time."""

import json
import os
import pathlib
import time

from fast_style.data.photos import list_images

NUM_HELD_OUT = 16
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
