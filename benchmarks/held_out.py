"""Which photos the benchmarks train on, and which they judge by."""

import os
import pathlib

from fast_style.data import list_images

NUM_HELD_OUT = 16


def split_photos(photos, folder):
    """Links all but the last photos in `photos/train`, those in `photos/held_out`.

    Args:
        photos: Folder of photos.
        folder: Gets the two folders.
    """
    paths = list_images(photos)[0]
    for part, chosen in (
        ("train", paths[:-NUM_HELD_OUT]),
        ("held_out", paths[-NUM_HELD_OUT:]),
    ):
        target = folder / "photos" / part
        target.mkdir(parents=True, exist_ok=True)
        for path in chosen:
            link = target / pathlib.Path(path).name
            if not link.is_symlink():
                link.symlink_to(os.path.abspath(path))
