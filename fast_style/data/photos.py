"""Lists photos: those in a folder, or in the annotations of COCO."""

import os

from fast_style.data.coco import load_entries
from fast_style.io.picture_formats import IMAGE_SUFFIXES


def list_photos(
    folder: str | os.PathLike,
    coco_annotations: str | os.PathLike = "",
    coco_categories: tuple[str, ...] = (),
) -> tuple[list[str], int]:
    """Lists the photos that a training is meant to use, without opening them.

    Args:
        folder: As in `find_photos`.
        coco_annotations: As in `find_photos`.
        coco_categories: As in `find_photos`.

    Returns:
        Paths, and the number of other files.
    """
    if coco_annotations:
        entries = load_entries(coco_annotations, coco_categories)
        return [os.path.join(folder, entry["file_name"]) for entry in entries], 0
    return list_images(folder)


def list_images(
    folder: str | os.PathLike, *, is_recursive: bool = True
) -> tuple[list[str], int]:
    """Lists the pictures in a folder and below by their suffix, and counts the rest.

    Args:
        folder: Folder to search.
        is_recursive: Whether folders in it are searched, too.

    Returns:
        Sorted paths, and the number of other files. Hidden files and folders
        are ignored.
    """
    paths, num_others, seen = [], 0, set()
    for parent, folders, files in os.walk(folder, followlinks=True):
        folders[:] = [x for x in folders if is_recursive and not x.startswith(".")]
        if (real := os.path.realpath(parent)) in seen:
            folders.clear()  # A link to a parent folder would never end.
            continue
        seen.add(real)
        for name in files:
            if name.startswith("."):
                continue
            if name.lower().endswith(IMAGE_SUFFIXES):
                paths.append(os.path.join(parent, name))
            else:
                num_others += 1
    return sorted(paths), num_others
