"""Which strength each crop of a training is painted in."""

import itertools

from keras import ops

# Prime, and a generator of all numbers below it, so that strengths are spread evenly.
_PERIOD, _STRIDE = 10_007, 3_823


class StrengthDraw:
    """Draws a strength for each crop, from its number.

    Half of them are in the upper quarter of their range: there pictures differ most
    from the photo, and most of them are made.

    Args:
        knots: Strengths that have rows of their own, ascending to 1.
        weakest: Factor of the style terms at the least strength; it is 1 at strength
            1, and between them its logarithm is linear.
        first_step: Before this one all strengths are 1: a network that sees weak ones
            from the beginning learns to leave photos as they are.
    """

    def __init__(
        self, knots: tuple[float, ...], weakest: float = 1.0, *, first_step: int = 0
    ):
        self.knots = knots
        self.weakest = weakest
        self.first_step = first_step

    def draw_shares(self, step, batch_size):
        """Returns how much of the rows of each strength a crop gets, `(B, K)`.

        Args:
            step: Number of steps done.
            batch_size: B.
        """
        shares = interpolate(self._draw(step, batch_size), self.knots)
        # What is added to the row of strength 1, which each crop has whole.
        return ops.concatenate([shares[:, :-1], ops.ones_like(shares[:, -1:])], axis=1)

    def draw_factors(self, step, batch_size):
        """Returns the factors of the style terms, `(B,)`.

        Args:
            step: Number of steps done.
            batch_size: B.
        """
        missing = 1.0 - self._draw(step, batch_size)
        return ops.power(self.weakest, missing / max(1.0 - self.knots[0], 1e-9))

    def _draw(self, step, batch_size):
        step = ops.cast(step, "int32")
        index = step * batch_size + ops.arange(batch_size)
        if len(self.knots) == 1:
            return ops.ones_like(index, dtype="float32")
        drawn = index % _PERIOD * _STRIDE % _PERIOD
        missing = ops.square(ops.cast(drawn, "float32") / (_PERIOD - 1))
        missing = ops.where(step < self.first_step, 0.0, missing)
        return 1.0 - (1.0 - self.knots[0]) * missing


def interpolate(positions, knots: tuple[float, ...]):
    """Does what `conditions.interpolate` does, for tensors.

    Args:
        positions: `(B,)`.
        knots: Ascending.

    Returns:
        Shares `(B, len(knots))`.
    """
    risen = [
        ops.clip((positions - low) / (high - low), 0.0, 1.0)
        for low, high in itertools.pairwise(knots)
    ]
    ones, zeros = ops.ones_like(positions), ops.zeros_like(positions)
    pairs = zip([ones, *risen], [*risen, zeros], strict=True)
    return ops.stack([begun - ended for begun, ended in pairs], axis=-1)
