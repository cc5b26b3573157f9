"""Reads which photos the annotations of COCO list, or others in its format.

Lin et al., 2014, https://arxiv.org/abs/1405.0312. LVIS leaves out `file_name`,
https://www.lvisdataset.org/dataset; other tools leave out sizes, or write texts as ids.
"""

import contextlib
import io
import json
import os
import posixpath
import reprlib
import urllib.parse

from fast_style.io.files import expand_home

_NEEDED = {"annotations": ("image_id", "category_id"), "categories": ("id", "name")}


def load_entries(
    annotations: str | os.PathLike, categories: tuple[str, ...] = ()
) -> list[dict]:
    """Reads which photos an annotation file lists.

    Args:
        annotations: COCO `instances_*.json`, or a file like it.
        categories: Names such as `"person"`; a photo must show at least one of them,
            or a crowd of it. Empty: any photo.

    Returns:
        Dicts with `id`, `file_name` and what else the file has, such as `width`,
        `height` and `coco_url`, sorted by id. A photo without `file_name` has the name
        that its `coco_url` ends with.

    Raises:
        ValueError: If the file is not an annotation file, an entry of it lacks what is
            needed, a category is unknown, or no photo is left.
    """
    dataset = _read(annotations)
    entries = _list_photos(dataset, annotations)
    if categories:
        ids = _find_ids(dataset, categories, annotations)
        entries = {key: entry for key, entry in entries.items() if key in ids}
    if not entries:
        raise ValueError(
            "`coco_annotations` must list at least one photo, with one of "
            "`coco_categories` if any are given. Received: "
            f"coco_annotations={os.fspath(annotations)!r}, "
            f"coco_categories={categories!r}"
        )
    # Numbers before texts, which cannot be compared.
    return sorted(entries.values(), key=lambda e: (isinstance(e["id"], str), e["id"]))


def read_size(entry: dict) -> tuple[int, int] | None:
    """Returns width and height of a photo, or None if its entry does not say.

    Args:
        entry: As `load_entries` returns it.
    """
    size = (entry.get("width"), entry.get("height"))
    return size if all(isinstance(side, int) for side in size) else None


def _read(annotations):
    try:
        with open(expand_home(annotations), encoding="utf-8") as file:
            dataset = json.load(file)
    except ValueError as error:
        raise _make_error(annotations, str(error)) from None
    if not isinstance(dataset, dict) or not isinstance(dataset.get("images"), list):
        raise _make_error(annotations, "it has no list of `images`")
    return dataset


def _make_error(annotations, problem):
    return ValueError(
        "`coco_annotations` must be a COCO `instances_*.json`. "
        f"Received: coco_annotations={os.fspath(annotations)!r} ({problem})"
    )


def _list_photos(dataset, annotations):
    """Returns the entries of photos by their ids, as texts, each with a name."""
    entries = {}
    for number, entry in enumerate(dataset["images"]):
        where = f"images[{number}] is {reprlib.repr(entry)}"
        if not isinstance(entry, dict) or not _is_id(entry.get("id")):
            raise _make_error(annotations, f"{where}, without a number or text as `id`")
        name = entry.get("file_name") or _name_by_url(entry.get("coco_url"))
        if not (name and isinstance(name, str)):
            raise _make_error(annotations, f"{where}, without `file_name`, `coco_url`")
        key = str(entry["id"])
        if entries.setdefault(key, entry) is not entry:
            raise _make_error(annotations, f"{where}, and another has that `id`")
        entries[key] = entry if entry.get("file_name") else {**entry, "file_name": name}
    return entries


def _is_id(value):
    return isinstance(value, int | str) and not isinstance(value, bool)


def _name_by_url(url):
    if not isinstance(url, str):
        return None
    return urllib.parse.unquote(posixpath.basename(urllib.parse.urlsplit(url).path))


def _find_ids(dataset, categories, annotations):
    """Returns the ids, as texts, of the photos that show one of the categories."""
    # Slow to import, and needed for categories alone.
    from pycocotools.coco import COCO

    for kind, keys in _NEEDED.items():
        _check_list(dataset.get(kind), kind, keys, annotations)
    coco = COCO()
    coco.dataset = {**dataset, "images": []}
    for number, entry in enumerate(dataset["annotations"]):
        entry.setdefault("id", number)
    with contextlib.redirect_stdout(io.StringIO()):  # It prints its progress.
        coco.createIndex()
    known = {category["name"] for category in coco.cats.values()}
    if unknown := set(categories) - known:
        raise ValueError(
            f"`coco_categories` must be among {', '.join(sorted(known))}. "
            f"Received: {', '.join(sorted(unknown))}"
        )
    wanted = (coco.getCatIds(catNms=[name]) for name in categories)
    return {str(i) for ids in wanted for each in ids for i in coco.catToImgs[each]}


def _check_list(entries, kind, keys, annotations):
    if not isinstance(entries, list):
        raise _make_error(annotations, f"it has no list of `{kind}`")
    for number, entry in enumerate(entries):
        if not isinstance(entry, dict) or any(entry.get(key) is None for key in keys):
            raise _make_error(
                annotations,
                f"{kind}[{number}] is {reprlib.repr(entry)}, without "
                f"{' or '.join(f'`{key}`' for key in keys)}",
            )
