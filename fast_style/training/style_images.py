"""The paintings of a training: where they are, their names and pixels."""

import io
import os
import pathlib

from absl import logging
import numpy as np
from PIL import Image

from fast_style.config.train_config import TrainConfig
from fast_style.data.photos import list_images
from fast_style.data.style_crops import has_texture
from fast_style.io.arrays import to_uint8
from fast_style.io.images import load_image
from fast_style.io.images import resize_to_longer_side
from fast_style.models.architectures import ARBITRARY
from fast_style.models.conditions import Conditions

_ENLARGED_VISIBLY = 1.25
# Of several pictures, to which smaller ones are enlarged, if to any.
_SMALLEST_SIZE = 256
_THUMBNAIL_SIZE = 128
_MOST_PAINTINGS = 16
# At which a strength that is trained in has numbers of its own. Below the least,
# pictures are blended with the photo.
_STRENGTHS = (0.4, 0.7, 1.0)


def list_paintings(config: TrainConfig) -> list[str]:
    """Lists the paths of the style pictures, in the order that the config has.

    Args:
        config: The training's config.

    Raises:
        ValueError: If there is none.
    """
    paths = []
    for path in config.style_images or (config.style_image,):
        is_folder = os.path.isdir(path)
        paths += list_images(path)[0] if is_folder else [os.fspath(path)]
    if not paths:
        raise ValueError(
            "`style_images` must name pictures. "
            f"Received: style_images={config.style_images!r}, without one."
        )
    return paths


def list_style_images(config: TrainConfig) -> dict[str, str]:
    """Lists the pictures whose styles are learned.

    Args:
        config: The training's config.

    Returns:
        Dict from names to paths, in the order that the config has.

    Raises:
        ValueError: If two have one name, or there is none.
    """
    found = {}
    for path in list_paintings(config):
        name = pathlib.Path(path).stem
        if name in found:
            raise ValueError(
                "The pictures of `style_images` must have different names. "
                f"Received: {found[name]!r} and {path!r}"
            )
        found[name] = path
    return found


def load_some_paintings(config: TrainConfig) -> list[np.ndarray]:
    """Loads up to 16 of the style pictures, taken evenly, as `load_style_images`.

    Those that cannot be read, or are of one colour, are left out.

    Raises:
        ValueError: If none is left.
    """
    paths = list_paintings(config)
    paintings = []
    for path in paths[:: -(-len(paths) // _MOST_PAINTINGS)]:
        try:
            painting = _load(path, config)
        except (OSError, ValueError) as error:
            logging.warning("Picture %s is left out: %s", path, error)
            continue
        if has_texture(painting):
            paintings.append(painting)
    if not paintings:
        raise ValueError(
            "`style_images` must name pictures of more than one colour. "
            f"Received: {len(paths)}, the first of them {paths[0]!r}"
        )
    return paintings


def load_style_images(config: TrainConfig) -> dict[str, np.ndarray]:
    """Loads the pictures whose styles are learned, as large as they are compared.

    Args:
        config: The training's config.

    Returns:
        Dict from names to RGB `(H, W, 3)`, float32 in [0, 255].

    Raises:
        FileNotFoundError: If one is missing.
        ValueError: If one cannot be read, or two have one name.
    """
    found = list_style_images(config)
    return {name: _load(path, config) for name, path in found.items()}


def _load(path, config):
    image = load_image(path)
    longer_side, size = max(image.shape[:2]), config.style_image_size
    if not config.style_images and _ENLARGED_VISIBLY * longer_side < size:
        logging.warning(
            "%s is enlarged from %d to %d pixels, which blurs its textures. To use its "
            "own size: style_image_size=%d",
            path,
            longer_side,
            size,
            longer_side,
        )
    return scale_painting(image, config)


def scale_painting(image: np.ndarray, config: TrainConfig) -> np.ndarray:
    """Scales a style picture to the size at which it is compared.

    Args:
        image: RGB `(H, W, 3)` in [0, 255].
        config: The training's config.

    Returns:
        RGB `(H, W, 3)`, float32 in [0, 255].
    """
    size = config.style_image_size
    if config.style_images and config.generator != ARBITRARY:
        # All have one number in the config, which need not be right for each. What
        # looks at paintings has them at one size.
        size = min(size, max(*image.shape[:2], _SMALLEST_SIZE))
    return resize_to_longer_side(image, size) if size else image


def make_thumbnail(image: np.ndarray) -> bytes:
    """Returns a small picture of a painting, a JPEG file.

    Args:
        image: RGB `(H, W, 3)` in [0, 255].
    """
    picture = Image.fromarray(to_uint8(image))
    picture.thumbnail((_THUMBNAIL_SIZE, _THUMBNAIL_SIZE))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=85)
    return stream.getvalue()


def make_conditions(config: TrainConfig) -> Conditions | None:
    """Returns what the generator of a training is told.

    Args:
        config: The training's config.

    Returns:
        Names of styles and strengths; None: there is one style, of one strength.
    """
    names = tuple(list_style_images(config))
    if not (config.style_images or config.min_style_weight):
        return None
    return Conditions(names=names, strengths=list_strengths(config))


def list_strengths(config: TrainConfig) -> tuple[float, ...]:
    """Returns the strengths that have numbers of their own, ascending to 1."""
    return _STRENGTHS if config.min_style_weight else (1.0,)
