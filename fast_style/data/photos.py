"""Lists photos: those in a folder, or in the annotations of COCO."""

import os

from fast_style.data.coco import load_entries
from fast_style.io.files import expand_home
from fast_style.io.picture_formats import is_picture_file

_MOST_NAMED = 5


def list_photos(
    folder: str | os.PathLike,
    coco_annotations: str | os.PathLike = "",
    coco_categories: tuple[str, ...] = (),
) -> tuple[list[str], list[str]]:
    """Lists the photos that a training is meant to use, without opening them.

    Args:
        folder: As in `find_photos`.
        coco_annotations: As in `find_photos`.
        coco_categories: As in `find_photos`.

    Returns:
        Paths of the photos, and of other files.
    """
    if coco_annotations:
        entries = load_entries(coco_annotations, coco_categories)
        folder = expand_home(folder)
        return [os.path.join(folder, entry["file_name"]) for entry in entries], []
    return list_images(folder)


def list_images(
    folder: str | os.PathLike, *, is_recursive: bool = True
) -> tuple[list[str], list[str]]:
    """Lists the pictures in a folder and below, and the other files.

    A file is a picture by its suffix, or else by its first bytes.

    Args:
        folder: Folder to search.
        is_recursive: Whether folders in it are searched, too.

    Returns:
        Sorted paths of pictures, and of other files. Hidden files and folders are
        ignored. A folder that a link leads to is searched like any other, so a picture
        may be found by two paths.
    """
    paths, others = [], []
    top = expand_home(folder)
    above = {top: frozenset()}  # The folders that each one is in, without links.
    for parent, folders, files in os.walk(top, followlinks=True):
        folders[:] = [x for x in folders if is_recursive and not x.startswith(".")]
        around, real = above.pop(parent), os.path.realpath(parent)
        if real in around:
            folders.clear()  # A link to a folder that it is in would never end.
            continue
        above |= dict.fromkeys(
            (os.path.join(parent, x) for x in folders), around | {real}
        )
        for name in files:
            if name.startswith("."):
                continue
            path = os.path.join(parent, name)
            (paths if is_picture_file(path) else others).append(path)
    return sorted(paths), sorted(others)


def name_some(paths: list[str], folder: str | os.PathLike) -> str:
    """Returns the names of the first files of a list, and how many more there are.

    Args:
        paths: Paths of files, at least one.
        folder: Folder from which they are named.
    """
    names = [os.path.relpath(path, folder) for path in paths[:_MOST_NAMED]]
    more = len(paths) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
