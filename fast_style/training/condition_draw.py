"""Which style and strength each crop of a training is painted in."""

import itertools

from keras import ops

# Prime, and a generator of all numbers below it, so that strengths are spread evenly.
_PERIOD, _STRIDE = 10_007, 3_823


class ConditionDraw:
    """Draws a style and a strength for each crop, from the number of the step.

    By the step, not by random numbers, for the sake of resumed runs. Styles take turns,
    beside others each time. Half of the strengths are in the upper quarter of their
    range: there pictures differ most from the photo, and most of them are made.

    Args:
        conditions: `Conditions` of the generator.
        weakest: Factor of the style terms at the least strength; it is 1 at strength
            1, and between them its logarithm is linear.
        first_step: Before this one all strengths are 1: a network that sees weak ones
            from the beginning learns to leave photos as they are.
        left_out: Names of styles that are never drawn.
    """

    def __init__(
        self,
        conditions,
        weakest: float = 1.0,
        *,
        first_step: int = 0,
        left_out: tuple[str, ...] = (),
    ):
        self.conditions = conditions
        self.weakest = weakest
        self.first_step = first_step
        names = enumerate(conditions.names)
        self._drawn = [i for i, name in names if name not in left_out]

    def draw_shares(self, step, batch_size):
        """Returns how much of each row of the tables, `(B, num_rows)`.

        Args:
            step: Number of steps done.
            batch_size: B.
        """
        styles, strengths = self._draw(step, batch_size)
        chosen = ops.one_hot(styles, len(self.conditions.names), dtype="float32")
        shares = interpolate(strengths, self.conditions.strengths)
        whole = ops.ones_like(shares[:, -1:])
        shares = ops.concatenate([shares[:, :-1], whole], axis=1)
        rows = chosen[:, :, None] * shares[:, None]
        return ops.reshape(rows, (-1, self.conditions.num_rows))

    def draw_targets(self, step, batch_size) -> dict:
        """Returns what the loss is told: `styles` and `style_factors`, each `(B,)`.

        Args:
            step: Number of steps done.
            batch_size: B.
        """
        styles, strengths = self._draw(step, batch_size)
        least = self.conditions.strengths[0]
        exponents = (1.0 - strengths) / max(1.0 - least, 1e-9)
        factors = ops.power(self.weakest, exponents)
        return {"styles": styles, "style_factors": factors}

    def _draw(self, step, batch_size):
        step = ops.cast(step, "int32")
        index = step * batch_size + ops.arange(batch_size)
        num_styles = len(self._drawn)
        # Each turn begins with another style, so that others share a batch.
        turns = (index % num_styles + index // num_styles) % num_styles
        styles = ops.take(ops.array(self._drawn, dtype="int32"), turns)
        strengths = ops.ones_like(index, dtype="float32")
        if len(self.conditions.strengths) > 1:
            least = self.conditions.strengths[0]
            drawn = index % _PERIOD * _STRIDE % _PERIOD
            missing = ops.square(ops.cast(drawn, "float32") / (_PERIOD - 1))
            missing = ops.where(step < self.first_step, 0.0, missing)
            strengths = 1.0 - (1.0 - least) * missing
        return styles, strengths


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
