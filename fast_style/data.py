"""Photos on disk to batches of crops."""

import collections
import concurrent.futures
import dataclasses
import functools
import os
import pathlib

from absl import logging
import keras
import numpy as np
from PIL import Image
import tensorflow as tf

from fast_style.images import IMAGE_SUFFIXES
from fast_style.images import load_image
from fast_style.images import open_image

_MAX_LISTED = 10
_MIN_PHOTOS_FOR_PROGRESS = 1_000
_MAX_ATTEMPTS = 20


@dataclasses.dataclass(frozen=True)
class Photos:
    """The photos that a training uses, and why it does not use the others.

    Attributes:
        paths: Files to train on, in a fixed order.
        skipped: Dict from file to the reason.
    """

    paths: tuple[str, ...]
    skipped: dict[str, str]

    def report(self) -> str:
        """Says how many photos are used and which are not, for the log."""
        lines = [f"Photos: {len(self.paths)} used, {len(self.skipped)} skipped."]
        for path, reason in list(self.skipped.items())[:_MAX_LISTED]:
            lines.append(f"  skipped {path}: {reason}")
        if len(self.skipped) > _MAX_LISTED:
            kinds = collections.Counter(self.skipped.values()).most_common(5)
            lines.append(
                f"  ... and {len(self.skipped) - _MAX_LISTED} more; most often: "
                + "; ".join(f"{reason} ({count})" for reason, count in kinds)
            )
        return "\n".join(lines)


def find_photos(
    folder: str | os.PathLike,
    *,
    coco_annotations: str | os.PathLike = "",
    coco_categories: tuple[str, ...] = (),
    min_image_size: int = 1,
) -> Photos:
    """Lists the photos of a folder that can be trained on; tries each one.

    Args:
        folder: Searched recursively for pictures.
        coco_annotations: COCO `instances_*.json`; if given, only photos that
            it lists are taken.
        coco_categories: Names such as `"person"`, of which a photo must show
            one. Empty: any photo.
        min_image_size: Smallest shorter side, in pixels.

    Returns:
        Usable and skipped photos.

    Raises:
        FileNotFoundError: If there is no such folder.
        ValueError: If no photo is left.
    """
    if not pathlib.Path(folder).is_dir():
        raise FileNotFoundError(
            "`train_images` must be a folder that exists. "
            f"Received: train_images={os.fspath(folder)!r}"
        )
    paths, num_others = list_photos(folder, coco_annotations, coco_categories)
    if not paths:
        raise ValueError(
            "`train_images` must be a folder with at least one picture "
            f"({', '.join(IMAGE_SUFFIXES)}). Received: "
            f"train_images={os.fspath(folder)!r}, which holds {num_others} "
            "other files. Name the folder of the photos themselves, for COCO "
            "`.../train2017`."
        )
    faults = _find_faults(paths, min_image_size)
    photos = Photos(
        paths=tuple(p for p, fault in zip(paths, faults, strict=True) if not fault),
        skipped={p: fault for p, fault in zip(paths, faults, strict=True) if fault},
    )
    if not photos.paths:
        raise ValueError(
            f"`train_images` must hold at least one usable photo. {photos.report()}"
        )
    return photos


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


def _find_faults(paths, min_image_size):
    check = functools.partial(_find_fault, min_image_size=min_image_size)
    progress = keras.utils.Progbar(len(paths), unit_name="photo")
    faults = []
    with concurrent.futures.ThreadPoolExecutor() as pool:
        for fault in pool.map(check, paths):
            faults.append(fault)
            if len(paths) >= _MIN_PHOTOS_FOR_PROGRESS:
                progress.update(len(faults))
    return faults


def _find_fault(path, *, min_image_size):
    try:
        # Decoding an eighth of a JPEG is quick, and reads all of it: only so
        # does it show whether the file is cut short.
        open_image(path, smallest_size=(1, 1))
        with Image.open(path) as image:
            shorter_side = min(image.size)
    except FileNotFoundError:
        return "no such file"
    except (OSError, ValueError) as error:
        return str(error).replace(repr(os.fspath(path)), "it")
    if shorter_side < min_image_size:
        return f"its shorter side is below {min_image_size} pixels"
    return ""


def make_dataset(
    paths,
    *,
    image_size: int,
    batch_size: int,
    seed: int = 0,
    min_crop_scale: float = 0.5,
    num_batches_done: int = 0,
) -> tf.data.Dataset:
    """Makes endless batches of random crops, shuffled anew in each pass.

    Crop number i depends on the seed and on i alone, so a training that goes
    on after `num_batches_done` batches sees what it would have seen.

    Args:
        paths: Photos.
        image_size: Side of the square crops.
        batch_size: Crops per batch.
        seed: Of the order and the crops.
        min_crop_scale: Smallest crop, as a part of the shorter side.
        num_batches_done: Where to begin.

    Returns:
        Dataset of RGB batches `(batch_size, image_size, image_size, 3)`,
        float32 in [0, 255].
    """
    load = functools.partial(
        load_crop,
        tuple(paths),
        image_size=image_size,
        seed=seed,
        min_crop_scale=min_crop_scale,
    )

    def load_in_graph(number):
        crop = tf.numpy_function(load, [number], tf.uint8, stateful=False)
        crop = tf.ensure_shape(crop, (image_size, image_size, 3))
        return tf.cast(crop, tf.float32)

    first = num_batches_done * batch_size
    return (
        tf.data.Dataset.range(first, np.iinfo(np.int64).max)
        .map(load_in_graph, num_parallel_calls=tf.data.AUTOTUNE)
        .batch(batch_size, drop_remainder=True)
        .prefetch(tf.data.AUTOTUNE)
    )


def load_crop(
    paths, number, *, image_size: int, seed: int = 0, min_crop_scale: float = 0.5
) -> np.ndarray:
    """Loads the crop that comes at one place of a training.

    A square of random size and place, scaled to `image_size` with a filter
    as wide as the scale asks for, mirrored in half of the cases.

    Args:
        paths: Photos. One that has become unreadable is replaced by another,
            with a warning.
        number: Place, counted from 0 over all passes.
        image_size: Side of the crop.
        seed: Of the order and the crops.
        min_crop_scale: Smallest crop, as a part of the shorter side.

    Returns:
        RGB uint8 `(image_size, image_size, 3)`.

    Raises:
        OSError: If 20 photos in a row cannot be read.
    """
    number = int(number)
    epoch, place = divmod(number, len(paths))
    rng = np.random.default_rng((seed, number))
    index = _shuffle(len(paths), seed, epoch)[place]
    for _ in range(_MAX_ATTEMPTS):
        try:
            return _crop(paths[index], image_size, rng, min_crop_scale)
        except (OSError, ValueError) as error:
            logging.warning("Photo %s is left out: %s", paths[index], error)
            index = rng.integers(len(paths))
    raise OSError(
        f"{_MAX_ATTEMPTS} photos in a row could not be read, the last of them "
        f"{paths[index]!r}. Is the disk that holds them still there?"
    )


@functools.lru_cache(maxsize=4)
def _shuffle(count, seed, epoch):
    return np.random.default_rng((seed, epoch, count)).permutation(count)


def _crop(path, image_size, rng, min_crop_scale):
    scale = rng.uniform(min_crop_scale, 1.0)
    shift_x, shift_y = rng.random(2)
    is_mirrored = rng.random() < 0.5
    # The shorter side is at least this after decoding at a reduced size.
    enough = int(np.ceil(image_size / scale))
    image = open_image(path, smallest_size=(enough, enough))
    if image.mode == "RGBA":
        image = Image.fromarray(load_image(image).astype("uint8"))
    side = scale * min(image.size)
    left = shift_x * (image.width - side)
    top = shift_y * (image.height - side)
    crop = image.resize(
        (image_size, image_size),
        Image.Resampling.BICUBIC,
        box=(left, top, left + side, top + side),
        reducing_gap=3.0,
    )
    pixels = np.asarray(crop)
    return np.ascontiguousarray(pixels[:, ::-1] if is_mirrored else pixels)
