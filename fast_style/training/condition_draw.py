"""What each crop of a training is painted in, where a generator has a choice."""

from keras import ops

from fast_style.training.painting_statistics import measure_paintings


class StyleDraw:
    """Gives each crop one of the styles of a generator.

    By the step, not by random numbers, for the sake of resumed runs. Styles take turns,
    beside others each time.

    Args:
        conditions: `Conditions` of the generator.
        strengths: A `StrengthDraw`.
        left_out: Names of styles that are never drawn.
        factors: Of the style terms, for each style; empty: 1.
    """

    def __init__(
        self,
        conditions,
        strengths,
        *,
        left_out: tuple[str, ...] = (),
        factors: list[float] = (),
    ):
        self.conditions = conditions
        self.strengths = strengths
        self.factors = factors or [1.0] * len(conditions.names)
        names = enumerate(conditions.names)
        self._drawn = [i for i, name in names if name not in left_out]

    def draw_shares(self, step, crops, paintings=None):
        """Returns how much of each row of the tables a crop gets, `(B, num_rows)`.

        Args:
            step: Number of steps done.
            crops: `(B, H, W, 3)`.
            paintings: Unused.
        """
        del paintings
        batch_size = ops.shape(crops)[0]
        styles = self._draw(step, batch_size)
        chosen = ops.one_hot(styles, len(self.conditions.names), dtype="float32")
        return _multiply(chosen, self.strengths.draw_shares(step, batch_size))

    def draw_targets(self, step, crops, paintings=None) -> dict:
        """Returns what the loss is told: `styles` and `style_factors`, each `(B,)`.

        Args:
            step: Number of steps done.
            crops: `(B, H, W, 3)`.
            paintings: Unused.
        """
        del paintings
        batch_size = ops.shape(crops)[0]
        styles = self._draw(step, batch_size)
        factors = ops.take(ops.array(self.factors, dtype="float32"), styles)
        factors *= self.strengths.draw_factors(step, batch_size)
        return {"styles": styles, "style_factors": factors}

    def show(self, index: int):
        """Returns the rows of another style for each index, `(1, num_rows)`."""
        names = self.conditions.names
        return self.conditions.mix({names[index % len(names)]: 1})[None]

    def _draw(self, step, batch_size):
        index = ops.cast(step, "int32") * batch_size + ops.arange(batch_size)
        num_styles = len(self._drawn)
        # Each turn begins with another style, so that others share a batch.
        turns = (index % num_styles + index // num_styles) % num_styles
        return ops.take(ops.array(self._drawn, dtype="int32"), turns)


class PaintingDraw:
    """Gives each crop the style of a painting, at which a network looks.

    Args:
        predictor: A `StylePredictor`.
        network: SqueezeNet, as `measure_paintings` takes it.
        strengths: A `StrengthDraw`.
        shown: Paintings for the sample sheets, list of RGB `(H, W, 3)` in [0, 255].
    """

    def __init__(self, predictor, network, strengths, *, shown=()):
        self.predictor = predictor
        self.network = network
        self.strengths = strengths
        self.shown = shown

    def draw_shares(self, step, crops, paintings):
        """As `StyleDraw.draw_shares`; `paintings` are `(B, H, W, 3)`."""
        seen = self.predictor(measure_paintings(self.network, paintings))
        strengths = self.strengths.draw_shares(step, ops.shape(crops)[0])
        return _multiply(seen, strengths)

    def draw_targets(self, step, crops, paintings) -> dict:
        """Returns what the loss is told: `paintings`, and `style_factors`, `(B,)`."""
        factors = self.strengths.draw_factors(step, ops.shape(crops)[0])
        return {"paintings": paintings, "style_factors": factors}

    def show(self, index: int):
        """Returns the rows of another painting for each index, as `StyleDraw.show`."""
        painting = self.shown[index % len(self.shown)][None]
        statistics = ops.convert_to_numpy(measure_paintings(self.network, painting))[0]
        strengths = self.strengths.knots
        predictor = self.predictor.to_predictor(strengths=strengths)
        return predictor.mix(predictor.predict(statistics))[None]


def _multiply(styles, strengths):
    """Returns rows of each style at each strength, `(B, num_rows)`."""
    rows = styles[:, :, None] * strengths[:, None]
    return ops.reshape(rows, (-1, rows.shape[1] * rows.shape[2]))
