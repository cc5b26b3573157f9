"""Finds the photos of a folder that can be trained on.

The scan reads the header and the end of most files, not the whole, and its results are
kept in the workdir; so a hundred thousand photos take a minute the first time, and
seconds later.
"""

import collections
import concurrent.futures
import csv
import dataclasses
import os
import pathlib
import stat
import typing

from absl import logging

from fast_style.data.photos import list_photos
from fast_style.data.photos import name_some
from fast_style.io.files import expand_home
from fast_style.io.files import replacing
from fast_style.io.images import read_image_size
from fast_style.io.picture_formats import IMAGE_SUFFIXES
from fast_style.io.progress import ProgressBar

_MAX_LISTED = 10
_SMALL = "the shorter side is below"
_MIN_PHOTOS_FOR_PROGRESS = 1_000
_NUM_THREADS = 16  # They wait for the disk most of the time.
_NUM_AT_ONCE = 1_024


@dataclasses.dataclass(frozen=True)
class Photos:
    """The photos that a training uses, and why it does not use the others.

    Attributes:
        paths: Paths of the photos to train on, in a fixed order.
        skipped: Dict from the path of a skipped file to the reason.
    """

    paths: tuple[str, ...]
    skipped: dict[str, str]

    def report(self) -> str:
        """Returns how many photos are used, and why others are skipped, for the log.

        Photos that are too small are counted; the others are listed with the reason.
        """
        lines = [f"Photos: {len(self.paths)} used, {len(self.skipped)} skipped."]
        small = {p: why for p, why in self.skipped.items() if why.startswith(_SMALL)}
        for reason, count in collections.Counter(small.values()).items():
            lines.append(f"  skipped {count}: {reason}")
        others = {p: why for p, why in self.skipped.items() if p not in small}
        for path, reason in list(others.items())[:_MAX_LISTED]:
            lines.append(f"  skipped {path}: {reason}")
        if len(others) > _MAX_LISTED:
            kinds = collections.Counter(others.values()).most_common(5)
            lines.append(
                f"  ... and {len(others) - _MAX_LISTED} more; most often: "
                + "; ".join(f"{reason} ({count})" for reason, count in kinds)
            )
        return "\n".join(lines)


_COLUMNS = ("name", "num_bytes", "modified_ns", "width", "height", "fault")


class _Look(typing.NamedTuple):
    """The result for a file, valid while its size and modification time stay."""

    path: str
    num_bytes: int
    modified_ns: int
    width: int = 0
    height: int = 0
    fault: str = ""


def find_photos(
    folder: str | os.PathLike,
    *,
    coco_annotations: str | os.PathLike = "",
    coco_categories: tuple[str, ...] = (),
    min_image_size: int = 1,
    cache: str | os.PathLike | None = None,
) -> Photos:
    """Finds the photos of a folder that can be trained on, by a look at each file.

    Args:
        folder: Searched recursively for pictures.
        coco_annotations: COCO `instances_*.json`; if given, only photos that
            it lists are taken.
        coco_categories: Names such as `"person"`; a photo must show at least one of
            them. Empty: any photo.
        min_image_size: Smallest shorter side, in pixels.
        cache: Path of a CSV with the results of an earlier scan, which is read if it
            exists, and updated. A file whose size and modification time have not
            changed is not opened again. None: no cache.

    Returns:
        Usable and skipped photos.

    Raises:
        FileNotFoundError: If the folder does not exist.
        ValueError: If no photo is left.
    """
    folder = expand_home(folder)
    if not pathlib.Path(folder).is_dir():
        raise FileNotFoundError(
            "`train_images` must be a folder that exists. "
            f"Received: train_images={os.fspath(folder)!r}"
        )
    paths, others = list_photos(folder, coco_annotations, coco_categories)
    if not paths:
        raise ValueError(
            "`train_images` must be a folder with at least one picture "
            f"({', '.join(IMAGE_SUFFIXES)}). Received: "
            f"train_images={os.fspath(folder)!r}, which holds {len(others)} "
            "other files. Name the folder of the photos themselves, for COCO "
            "`.../train2017`."
        )
    if others:
        logging.info(
            "%d files in %s are no pictures, and are passed over: %s.",
            len(others),
            folder,
            name_some(others, folder),
        )
    known = _read_looks(cache, folder)
    looks = _look_at_all(paths, known)
    photos = _choose(looks, min_image_size)
    if not photos.paths:
        raise ValueError(
            f"`train_images` must hold at least one usable photo. {photos.report()}"
        )
    if cache and looks != list(known.values()):
        _warn_of_changes(_choose(known.values(), min_image_size), photos)
        _write_looks(cache, looks, folder)
    return photos


def _choose(looks, min_image_size):
    paths, skipped = [], {}
    for look in looks:
        if look.fault:
            skipped[look.path] = look.fault
        elif min(look.width, look.height) < min_image_size:
            skipped[look.path] = f"{_SMALL} {min_image_size} pixels"
        else:
            paths.append(look.path)
    return Photos(paths=tuple(paths), skipped=skipped)


def _warn_of_changes(before, now):
    before, now = set(before.paths), set(now.paths)
    if before and before != now:
        logging.warning(
            "Since the last scan, %d photos have come and %d have gone. A resumed "
            "training sees other crops from here on than it would have seen.",
            len(now - before),
            len(before - now),
        )


def _look_at_all(paths, known):
    is_shown = len(paths) >= _MIN_PHOTOS_FOR_PROGRESS
    progress = ProgressBar("Scanning photos", len(paths), is_shown=is_shown)
    looks = []
    with progress, concurrent.futures.ThreadPoolExecutor(_NUM_THREADS) as pool:
        # In parts: a future for each photo would take more memory than anything else
        # here.
        for start in range(0, len(paths), _NUM_AT_ONCE):
            some = paths[start : start + _NUM_AT_ONCE]
            looks += pool.map(_look_at, some, (known.get(path) for path in some))
            progress.update(len(looks))
    return looks


def _look_at(path, known):
    try:
        found = os.stat(path)
    except OSError as error:
        return _Look(path, 0, 0, fault=_describe(error, path))
    look = _Look(path, found.st_size, found.st_mtime_ns)
    if not stat.S_ISREG(found.st_mode):  # A pipe would block, for whoever writes it.
        return look._replace(fault="not a regular file")
    if known and (known.num_bytes, known.modified_ns) == look[1:3]:
        return known
    try:
        width, height = read_image_size(path)
    except (OSError, ValueError) as error:
        return look._replace(fault=_describe(error, path))
    return look._replace(width=width, height=height)


def _describe(error, path):
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    text = str(error).replace(repr(os.fspath(path)), "it")
    if "Pillow can read" in text:
        return "not a picture that Pillow can read"
    return text


def _read_looks(cache, folder):
    if not (cache and pathlib.Path(cache).is_file()):
        return {}
    with open(cache, newline="", encoding="utf-8", errors="surrogateescape") as file:
        rows = csv.reader(file)
        if next(rows, None) != list(_COLUMNS):
            return {}
        looks = (
            _Look(os.path.join(folder, name), *map(int, numbers), fault)
            for name, *numbers, fault in rows
        )
        return {look.path: look for look in looks}


def _write_looks(cache, looks, folder):
    # File names are bytes, and not always UTF-8.
    with (
        replacing(cache) as temporary,
        open(
            temporary, "w", newline="", encoding="utf-8", errors="surrogateescape"
        ) as file,
    ):
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        # A folder may be moved, or be written in another way.
        start = os.path.join(folder, "")
        writer.writerows((path.removeprefix(start), *rest) for path, *rest in looks)
