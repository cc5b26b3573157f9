"""What a generator of several styles is told: which of them, and how strong.

Each instance normalization of such a generator has a table of scales and shifts, with a
row for each style and each of some strengths. What a picture gets is a mixture of rows,
and that is a plain generator again: `style_files.fold` makes it, before any picture
goes through.
"""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True, kw_only=True)
class Conditions:
    """The rows of the tables, styles first: all strengths of one, then of the next.

    The last row of a style is that of strength 1. The others are what is added to it at
    their strengths, and between two of them a share of both.

    Attributes:
        names: Of the styles.
        strengths: Above 0, ascending, the last one 1; `(1.0,)`: strength is not trained
            in.

    Raises:
        ValueError: If a name comes twice, or the strengths do not ascend to 1.

    References:
        Styles: Dumoulin et al., 2017, https://arxiv.org/abs/1610.07629
        Strengths: Babaeizadeh and Ghiasi, 2018, https://arxiv.org/abs/1811.08560
        Differs in a table of a few strengths, between which numbers are interpolated,
        for a network that computes them.
    """

    names: tuple[str, ...]
    strengths: tuple[float, ...] = (1.0,)

    def __post_init__(self):
        if not self.names or len(set(self.names)) < len(self.names):
            raise ValueError(
                "`names` must be different names, at least one. "
                f"Received: names={self.names!r}"
            )
        check_strengths(self.strengths)

    @property
    def num_rows(self) -> int:
        """How many rows the tables have."""
        return len(self.names) * len(self.strengths)

    def mix(self, styles: dict[str, float], strength: float = 1.0) -> np.ndarray:
        """Returns how much of each row a picture gets.

        Args:
            styles: Dict from names to weights, of which the sum counts as 1.
            strength: From 0 to 1; below the least that was trained, that one.

        Returns:
            float32 array `(num_rows,)`.

        Raises:
            ValueError: If there is no such style, or the weights are negative or 0.
        """
        unknown = set(styles) - set(self.names)
        if unknown:
            raise ValueError(
                f"`styles` must be of {', '.join(self.names)}. "
                f"Received: {', '.join(sorted(map(repr, unknown)))}"
            )
        weights = np.array([styles.get(name, 0.0) for name in self.names])
        if not (weights.min() >= 0 and 0 < weights.sum() < np.inf):
            raise ValueError(
                "The weights of `styles` must be at least 0, and not all of them 0. "
                f"Received: styles={styles!r}"
            )
        shares = interpolate(strength, self.strengths)
        shares[-1] = 1.0
        return np.outer(weights / weights.sum(), shares).ravel().astype("float32")


def check_strengths(strengths: tuple[float, ...]) -> None:
    """Checks the strengths that a generator has rows for.

    Raises:
        ValueError: If they do not ascend to 1, or are not above 0.
    """
    ascending = sorted(set(strengths))
    # Written so that NaN fails too.
    is_inside = all(0 < each <= 1 for each in ascending)
    is_sorted = list(strengths) == ascending and ascending[-1:] == [1.0]
    if not (is_inside and is_sorted):
        raise ValueError(
            "`strengths` must be above 0 and ascend to 1. "
            f"Received: strengths={strengths!r}"
        )


def is_name(name: str) -> bool:
    """Returns whether a name may be that of a file, and so of a style."""
    return name not in ("", ".", "..") and not set(name) & set("/\\\0")


def interpolate(position: float, knots: tuple[float, ...]) -> np.ndarray:
    """Returns the shares of knots in linear interpolation, of sum 1.

    Args:
        position: Beyond the first or last knot that knot has all.
        knots: Ascending.
    """
    return np.array([np.interp(position, knots, row) for row in np.eye(len(knots))])
