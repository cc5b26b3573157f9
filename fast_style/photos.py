"""Which photos there are: in a folder, or by COCO's annotations."""

import os

from fast_style.images import IMAGE_SUFFIXES


def list_photos(
    folder: str | os.PathLike,
    coco_annotations: str | os.PathLike = "",
    coco_categories: tuple[str, ...] = (),
) -> tuple[list[str], int]:
    """Lists the photos that a training is meant to use, as `find_photos`, untried.

    Returns:
        Paths, and the number of files that are no pictures.
    """
    if coco_annotations:
        return _list_coco(folder, coco_annotations, coco_categories), 0
    return list_images(folder)


def list_images(folder: str | os.PathLike) -> tuple[list[str], int]:
    """Lists the pictures below a folder by their suffix, and counts the rest.

    Returns:
        Sorted paths, and the number of other files. Hidden files and folders
        count as neither.
    """
    paths, num_others, seen = [], 0, set()
    for parent, folders, files in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if not name.startswith(".")]
        if (real := os.path.realpath(parent)) in seen:
            folders.clear()  # A link back to a folder above would never end.
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


def _list_coco(folder, annotations, categories):
    # Slow to import, and only COCO's users need it.
    from pycocotools.coco import COCO

    try:
        coco = COCO(os.fspath(annotations))
    except (AssertionError, KeyError, ValueError) as error:
        raise ValueError(
            "`coco_annotations` must be a COCO `instances_*.json`. "
            f"Received: coco_annotations={os.fspath(annotations)!r} ({error})"
        ) from error
    ids = coco.getImgIds()
    if categories:
        known = {category["name"] for category in coco.loadCats(coco.getCatIds())}
        if unknown := set(categories) - known:
            raise ValueError(
                f"`coco_categories` must be among {', '.join(sorted(known))}. "
                f"Received: {', '.join(sorted(unknown))}"
            )
        wanted = (coco.getCatIds(catNms=[name]) for name in categories)
        ids = {i for category in wanted for i in coco.getImgIds(catIds=category)}
    if not ids:
        raise ValueError(
            "`coco_annotations` must list at least one photo, with one of "
            f"`coco_categories` if any are given. Received: "
            f"coco_annotations={os.fspath(annotations)!r}, "
            f"coco_categories={categories!r}"
        )
    entries = coco.loadImgs(sorted(ids))
    return [os.path.join(folder, entry["file_name"]) for entry in entries]
