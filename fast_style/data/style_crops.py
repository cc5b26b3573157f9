"""Cuts the crops of paintings that a network learns to look at.

Few paintings go far: they are cut, turned, recoloured, and given each other's colours;
photos and drawn textures stand beside them.
"""

import os

from absl import logging
import numpy as np
from PIL import Image

from fast_style.data.textures import draw_texture
from fast_style.io.images import load_image
from fast_style.io.images import resize_to_longer_side

# Of crops: of photos as they are, and of drawn textures. The others are of paintings.
_SHARE_OF_PHOTOS = 0.1
_SHARE_OF_TEXTURES = 0.1
# Of crops of paintings.
_SHARE_OF_RECOLOURED = 0.2
_SHARE_OF_TRANSFERRED = 0.25
_SCALES = (0.7, 1.4)
_MAX_ATTEMPTS = 20
_LEAST_DEVIATION = 4.0  # In levels.


def load_style_crop(
    paintings, photos, number, *, size: int, painting_size: int, seed: int = 0
) -> np.ndarray:
    """Loads the style crop at one position in the sequence of a training.

    Args:
        paintings: Paths of the style pictures, of any sizes.
        photos: Paths of photos.
        number: Position, counted from 0.
        size: Side of the crop in pixels.
        painting_size: Longer side to which a painting is scaled first, on average; 0:
            its own.
        seed: Of the sequence.

    Returns:
        RGB uint8 `(size, size, 3)`.

    Raises:
        OSError: If 20 pictures in a row cannot be read, or are of one colour.
    """
    rng = np.random.default_rng((seed, int(number), 1))
    kind = rng.random()
    if kind < _SHARE_OF_TEXTURES:
        return _draw(rng, size)
    is_photo = kind < _SHARE_OF_TEXTURES + _SHARE_OF_PHOTOS and len(photos)
    paths = photos if is_photo else paintings
    crop = _cut(paths, rng, size, painting_size)
    change = rng.random()
    if not is_photo and change < _SHARE_OF_RECOLOURED:
        crop = _recolour(crop, rng)
    elif not is_photo and change < _SHARE_OF_RECOLOURED + _SHARE_OF_TRANSFERRED:
        crop = transfer_colours(crop, _cut(paths, rng, size, painting_size))
    turned = np.rot90(crop, rng.integers(4))[:, :: rng.choice([-1, 1])]
    return np.ascontiguousarray(turned)


def _draw(rng, size):
    texture = draw_texture(rng, size)
    while not has_texture(texture):  # Its colours may happen to be alike.
        texture = draw_texture(rng, size)
    return texture


def has_texture(crop: np.ndarray) -> bool:
    """Returns whether a crop has more than one colour to compare with."""
    # The distance from it would be divided by nothing.
    return crop.std(axis=(0, 1)).max() > _LEAST_DEVIATION


def _cut(paths, rng, size, painting_size):
    path = ""
    for _ in range(_MAX_ATTEMPTS):
        path = paths[rng.integers(len(paths))]
        try:
            crop = cut_crop(load_image(path), rng, size, painting_size)
        except (OSError, ValueError) as error:
            logging.warning("Picture %s is left out: %s", path, error)
            continue
        if has_texture(crop):
            return crop
    raise OSError(
        f"{_MAX_ATTEMPTS} pictures in a row could not be read, or are of one colour, "
        f"the last of them {os.fspath(path)!r}."
    )


def cut_crop(
    painting: np.ndarray, rng: np.random.Generator, size: int, painting_size: int
) -> np.ndarray:
    """Cuts a crop out of a painting, at a scale near to its own.

    Args:
        painting: RGB `(H, W, 3)` in [0, 255].
        rng: Chooses scale and place.
        size: As in `load_style_crop`.
        painting_size: As in `load_style_crop`.

    Returns:
        RGB uint8 `(size, size, 3)`.
    """
    shorter, longer = sorted(painting.shape[:2])
    # Large enough to cut a whole crop out.
    least = int(np.ceil(size * longer / shorter))
    wanted = int((painting_size or longer) * rng.uniform(*_SCALES))
    image = resize_to_longer_side(painting, max(wanted, least))
    top, left = (rng.integers(side - size + 1) for side in image.shape[:2])
    return image[top : top + size, left : left + size].astype("uint8")


def _recolour(crop, rng):
    """Exchanges and inverts channels of colour, or turns the hues."""
    if rng.random() < 0.5:
        crop = crop[..., rng.permutation(3)]
        return 255 - crop if rng.random() < 0.2 else crop
    hsv = np.array(Image.fromarray(crop).convert("HSV"))
    hsv[..., 0] += np.uint8(rng.integers(256))
    return np.array(Image.fromarray(hsv, "HSV").convert("RGB"))


def transfer_colours(picture: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Gives a picture the mean and the covariance of the colours of another.

    Args:
        picture: RGB `(H, W, 3)`, uint8.
        other: RGB, of any size.

    Returns:
        uint8, of the shape of `picture`.

    References:
        Xiao and Ma, 2006, https://doi.org/10.1145/1128923.1128974
    """
    source, target = (x.reshape(-1, 3).astype("float64") for x in (picture, other))
    roots = [_root(np.cov(x.T) + np.eye(3)) for x in (source, target)]
    mapping = roots[1] @ np.linalg.inv(roots[0])
    moved = (source - source.mean(axis=0)) @ mapping.T + target.mean(axis=0)
    return np.clip(np.rint(moved), 0, 255).astype("uint8").reshape(picture.shape)


def _root(covariance):
    values, vectors = np.linalg.eigh(covariance)
    return vectors @ np.diag(np.sqrt(values)) @ vectors.T
