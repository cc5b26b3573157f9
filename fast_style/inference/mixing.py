"""A file of several styles, or of any: which of them a picture gets, and how strong."""

import dataclasses
import functools
import os

import numpy as np

from fast_style.inference.arrays import Options
from fast_style.inference.arrays import stylize_array
from fast_style.inference.blending import blend
from fast_style.io.files import expand_home
from fast_style.models.style_files import fold
from fast_style.models.style_files import TrainedStyle

_MOST_FUNCTIONS = 4  # An engine keeps the memory of its largest picture.
_MOST_PAINTINGS = 64


class Mixer:
    """Stylizes in any mixture of the styles that a generator has.

    A mixture is a plain generator, made and compiled when it is first asked for; the
    last ones are kept.

    Args:
        style: `TrainedStyle` with conditions, or with a predictor.
        load: From a `TrainedStyle` without conditions to a `LoadedStyle`.
    """

    def __init__(self, style: TrainedStyle, load):
        self._style, self._load = style, load
        self._make_once = functools.lru_cache(_MOST_FUNCTIONS)(self._make)
        kind = _Names if style.conditions else _Paintings
        self._choice = kind(style.conditions or style.predictor)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the styles; none where any painting is one."""
        return self._choice.names

    @property
    def strengths(self) -> tuple[float, ...]:
        """That were trained in."""
        return self._choice.strengths

    def stylize(self, array: np.ndarray, options: Options) -> np.ndarray:
        """Stylizes an array as `stylize_array` does.

        Args:
            array: A picture or a batch.
            options: With `name`, `style_image` or `styles`.

        Raises:
            ValueError: If none is given, or there is no such style.
        """
        styles = self._choice.read(options)
        if all(isinstance(weight, int | float) for _, weight in styles):
            return self._stylize_mixture(array, styles, options)
        pictures = [
            self._stylize_mixture(array, [(style, 1.0)], options) for style, _ in styles
        ]
        return blend(pictures, [weight for _, weight in styles])

    def _stylize_mixture(self, array, styles, options):
        strength = options.strength
        shares = self._choice.mix(styles, strength)
        # What is trained in is not blended as well: only what is below it.
        left = min(strength / self.strengths[0], 1.0)
        options = dataclasses.replace(
            options, name=None, style_image=None, styles=None, strength=left
        )
        return stylize_array(array, self._make_once(tuple(shares.tolist())), options)

    def _make(self, shares):
        return self._load(fold(self._style, np.float32(shares)))


class _Names:
    """Styles that have names."""

    def __init__(self, conditions):
        self._conditions = conditions
        self.names, self.strengths = conditions.names, conditions.strengths

    def read(self, options):
        if options.style_image is not None:
            raise ValueError(
                "`style_image` is for a style that paints like any picture. Received: "
                f"style_image, for a style that has {', '.join(self.names)}"
            )
        if options.styles is not None:
            return list(options.styles.items())
        if options.name is None and len(self.names) > 1:
            raise ValueError(
                "`name` must say which style, or `styles` a mixture of them: "
                f"{', '.join(self.names)}. Received: name=None"
            )
        return [(options.name or self.names[0], 1.0)]

    def mix(self, styles, strength):
        return self._conditions.mix(dict(styles), strength)


class _Paintings:
    """Any painting is a style; it is looked at once."""

    names = ()

    def __init__(self, predictor):
        self._predictor = predictor
        self.strengths = predictor.strengths
        self._look_once = functools.lru_cache(_MOST_PAINTINGS)(self._look)

    def read(self, options):
        if options.name is not None:
            raise ValueError(
                "`name` is for a style that has several. This one paints like any "
                f"picture, `style_image`. Received: name={options.name!r}"
            )
        if options.styles is None and options.style_image is None:
            raise ValueError(
                "`style_image` must be the picture to paint like, or `styles` a dict "
                "from paths of such to weights. Received: style_image=None"
            )
        styles = options.styles or {}
        pairs = [(self._see(path), weight) for path, weight in styles.items()]
        return pairs or [(self._see(options.style_image), 1.0)]

    def _see(self, painting):
        if isinstance(painting, str | os.PathLike):
            path = os.path.abspath(expand_home(painting))
            # A newer file is another painting.
            newest = os.stat(path).st_mtime_ns if os.path.exists(path) else None
            return self._look_once(path, newest)
        if isinstance(painting, bytes):
            return self._look_once(painting)
        return self._look(painting)

    def _look(self, painting, newest=None):
        from fast_style.inference.looking import look_at

        del newest
        size = self._predictor.painting_size
        return self._predictor.predict(look_at(painting, size))

    def mix(self, styles, strength):
        weights = np.float32([weight for _, weight in styles])
        if not (weights.min() >= 0 and 0 < weights.sum() < np.inf):
            raise ValueError(
                "The weights of `styles` must be at least 0, and not all of them 0. "
                f"Received: {weights.tolist()}"
            )
        seen = np.stack([each for each, _ in styles])
        return self._predictor.mix(weights / weights.sum() @ seen, strength)
