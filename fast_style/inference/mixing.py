"""A file of several styles: which of them a picture gets, and how strong."""

import dataclasses
import functools

import numpy as np
from PIL import Image
from PIL import ImageFilter

from fast_style.inference.adjusting import load_mask
from fast_style.inference.arrays import Options
from fast_style.inference.arrays import stylize_array
from fast_style.models.style_files import fold
from fast_style.models.style_files import TrainedStyle

# Of the picture's longer side: where one style goes over into another.
_SEAM = 0.01
_MOST_FUNCTIONS = 4  # An engine keeps the memory of its largest picture.


class Mixer:
    """Stylizes in any mixture of the styles that a generator has.

    A mixture is a plain generator, made and compiled when it is first asked for; the
    last ones are kept.

    Args:
        style: `TrainedStyle` with conditions.
        compile_style: From a `TrainedStyle` without conditions to a function of images,
            as engines load it.
    """

    def __init__(self, style: TrainedStyle, compile_style):
        self._style = style
        self._compile = compile_style
        self._make_once = functools.lru_cache(_MOST_FUNCTIONS)(self._make)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the styles."""
        return self._style.conditions.names

    @property
    def strengths(self) -> tuple[float, ...]:
        """That were trained in."""
        return self._style.conditions.strengths

    def stylize(self, array: np.ndarray, options: Options) -> np.ndarray:
        """Stylizes an array as `stylize_array` does.

        Args:
            array: A picture or a batch.
            options: With `name` or `styles`.

        Raises:
            ValueError: If neither is given, or there is no such style.
        """
        styles = self._read_styles(options)
        maps = {k: v for k, v in styles.items() if not isinstance(v, int | float)}
        if not maps:
            return self._stylize_mixture(array, styles, options)
        pictures = [
            self._stylize_mixture(array, {name: 1.0}, options) for name in styles
        ]
        return blend(pictures, list(styles.values()))

    def _read_styles(self, options):
        if options.styles is not None:
            return options.styles
        if options.name is None and len(self.names) > 1:
            raise ValueError(
                "`name` must say which style, or `styles` a mixture of them: "
                f"{', '.join(self.names)}. Received: name=None"
            )
        return {options.name or self.names[0]: 1.0}

    def _stylize_mixture(self, array, styles, options):
        conditions, strength = self._style.conditions, options.strength
        shares = conditions.mix(styles, strength)
        # What is trained in is not blended as well: only what is below it.
        left = min(strength / (conditions.strengths[0] or 1.0), 1.0)
        options = dataclasses.replace(options, name=None, styles=None, strength=left)
        function, read = self._make_once(tuple(shares.tolist()))
        return stylize_array(array, function, read, options)

    def _make(self, shares):
        style = fold(self._style, np.float32(shares))
        return self._compile(style), lambda: style


def blend(pictures: list[np.ndarray], weights: list) -> np.ndarray:
    """Blends pictures by maps of where to use which.

    Args:
        pictures: Arrays of one shape `(H, W, C)` and dtype.
        weights: For each a number, or a grey picture, black where it has no part; as
            `load_mask` takes it. Where all are black, all have the same part.

    Returns:
        An array like the pictures.

    Raises:
        ValueError: If the pictures are a batch, or a weight is negative.
    """
    first = pictures[0]
    if first.ndim != 3:
        raise ValueError(
            "Maps of where to use which style are for one picture (H, W, C). "
            f"Received: a batch, shape={first.shape}"
        )
    maps = np.stack([_load_map(weight, first.shape[:2]) for weight in weights])
    total = maps.sum(axis=0)
    maps = np.where(total > 0, maps / np.maximum(total, 1e-9), 1 / len(maps))
    mixed = np.zeros(first.shape, "float32")
    for picture, share in zip(pictures, maps, strict=True):
        mixed += picture * np.float32(share)[..., None]
    is_float = np.issubdtype(first.dtype, np.floating)
    return (mixed if is_float else np.rint(mixed)).astype(first.dtype)


def _load_map(weight, size):
    if isinstance(weight, int | float):
        if weight < 0:
            raise ValueError(f"`styles` must be at least 0. Received: {weight}")
        return np.full(size, float(weight))
    levels = Image.fromarray(load_mask(weight, size))
    smooth = levels.filter(ImageFilter.GaussianBlur(_SEAM * max(size)))
    return np.asarray(smooth, "float64") / 255
