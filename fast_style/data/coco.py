"""Reads which photos the annotations of COCO list.

Lin et al., 2014, https://arxiv.org/abs/1405.0312
"""

import contextlib
import io
import os


def load_entries(
    annotations: str | os.PathLike, categories: tuple[str, ...] = ()
) -> list[dict]:
    """Reads which photos an annotation file lists.

    Args:
        annotations: COCO `instances_*.json`.
        categories: Names such as `"person"`; a photo must show at least one of them,
            or a crowd of it. Empty: any photo.

    Returns:
        Dicts with `file_name`, `width`, `height`, `coco_url` and more, sorted by id.

    Raises:
        ValueError: If the file is not an annotation file, a category is unknown, or
            no photo is left.
    """
    # Slow to import, and needed for COCO alone.
    from pycocotools.coco import COCO

    try:
        with contextlib.redirect_stdout(io.StringIO()):  # It prints its progress.
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
            "`coco_categories` if any are given. Received: "
            f"coco_annotations={os.fspath(annotations)!r}, "
            f"coco_categories={categories!r}"
        )
    return coco.loadImgs(sorted(ids))
