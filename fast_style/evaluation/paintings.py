"""The paintings that styles are measured against."""

import os
import pathlib

import numpy as np

from fast_style.config.train_config import TrainConfig
from fast_style.data.photos import list_images
from fast_style.evaluation.measured_paintings import MeasuredPainting
from fast_style.evaluation.measured_paintings import read_painting
from fast_style.io.images import load_resized
from fast_style.training.style_images import list_paintings
from fast_style.training.style_images import list_style_images
from fast_style.training.style_images import scale_painting


def load_paintings(
    stylizer, config, name, style_image, size, stored: pathlib.Path | None = None
) -> dict:
    """Loads the painting of each style that is measured.

    Args:
        stylizer: A `Stylizer`.
        config: The training's; None if it is not known.
        name: Of one of its styles; None: all.
        style_image: The painting; for a stylizer that paints like any picture also a
            folder of such. None: as the config says.
        size: Longer side that they are scaled to; None: as in the training.
        stored: As for `load_painting`.

    Returns:
        Dict from names, or None for the style of a file of one, to RGB `(H, W, 3)`,
        float32 in [0, 255], or a `MeasuredPainting`.

    Raises:
        ValueError: If there is no such style, or several and one painting.
        FileNotFoundError: If a painting is not there.
    """
    if stylizer.is_any:
        return _load_any(config, name, style_image, size)
    names = _choose_names(stylizer, name)
    if len(names) > 1 and style_image is not None:
        raise ValueError(
            "`style_image` is the painting of one style, which `name` must say. "
            f"Received: name=None, of {', '.join(names)}"
        )
    return {
        each: load_painting(config, style_image, size, name=each, stored=stored)
        for each in names
    }


def list_known(stylizer, config) -> tuple[str, ...]:
    """Returns the names of paintings that a style of any picture was trained on."""
    if not stylizer.is_any or config is None:
        return ()
    try:
        return tuple(pathlib.Path(path).stem for path in list_paintings(config))
    except (FileNotFoundError, ValueError):
        return ()


def _load_any(config, name, style_image, size):
    if name is not None:
        raise ValueError(
            "`name` is for a file of several styles. This one paints like any picture: "
            f"`style_image`. Received: name={name!r}"
        )
    paths = [] if style_image is None else [style_image]
    if style_image is None and config is not None:
        paths = list_paintings(config)
    elif isinstance(style_image, str | os.PathLike) and os.path.isdir(style_image):
        paths = list_images(style_image)[0]
    if not paths:
        raise ValueError(
            "`style_image` must be a painting, or a folder of them, as this style "
            f"paints like any picture. Received: style_image={style_image!r}"
        )
    return {_name(path): load_painting(config, path, size) for path in paths}


def _name(painting):
    is_path = isinstance(painting, str | os.PathLike)
    return pathlib.Path(painting).stem if is_path else "painting"


def _choose_names(stylizer, name: str | None) -> tuple:
    if name is not None and name not in stylizer.names:
        expected = ", ".join(stylizer.names) or "None, as the file has one style"
        raise ValueError(f"`name` must be {expected}. Received: name={name!r}")
    return (name,) if name else stylizer.names or (None,)


def load_painting(
    config: TrainConfig | None,
    style_image=None,
    size: int | None = None,
    *,
    name: str | None = None,
    stored: pathlib.Path | None = None,
) -> np.ndarray | MeasuredPainting:
    """Loads the painting that a style was trained on.

    Args:
        config: The training's; None if it is not known.
        style_image: The painting; None: the one that the config names.
        size: Longer side that it is scaled to; None: as in the training.
        name: Of the style, where the training had several.
        stored: File with what evaluation needs of the painting, for when it is not
            where the config says, and none is named, nor a size; None: there is none.

    Returns:
        RGB `(H, W, 3)`, float32 in [0, 255], or what is stored.

    Raises:
        ValueError: If nothing names the painting.
        FileNotFoundError: If it does not exist.
    """
    if style_image is None and config is None:
        raise ValueError(
            "`style_image` must name the painting, as this style says nothing of how "
            "it was trained. Received: style_image=None"
        )
    if style_image is None:
        try:
            style_image = _find_painting(config, name)
        except FileNotFoundError:
            if stored is None or size is not None:
                raise
            return read_painting(stored)
    if size is None and config is not None:
        return scale_painting(load_resized(style_image, 0), config)
    return load_resized(
        style_image, TrainConfig.style_image_size if size is None else size
    )


def _find_painting(config, name):
    missing = config.style_image or ", ".join(map(repr, config.style_images))
    try:
        found = list_style_images(config)
    except FileNotFoundError:
        found = {}
    path = next(iter(found.values()), "") if name is None else found.get(name, "")
    if not pathlib.Path(path).is_file():
        raise FileNotFoundError(
            f"The painting that this style was trained on, {missing!r}, is not in "
            f"{os.getcwd()!r}. Name it with `style_image`."
        )
    return path
