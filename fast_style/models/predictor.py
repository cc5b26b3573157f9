"""What a generator of any style is told: numbers that a small network reads off.

It looks at statistics of a painting, not at its pixels. Written in NumPy, so that a
painting can be looked at without Keras; `layers/style_predictor.py` trains it.
"""

import dataclasses

import numpy as np

from fast_style.models.conditions import check_strengths
from fast_style.models.conditions import interpolate

# What a network sees in a painting; the first number is 1.
NUM_SEEN = 33
# Layers of VGG16; the mean and the deviation of each channel are taken.
STATISTIC_LAYERS = ("relu1_1", "relu2_1", "relu3_1")
NUM_CHANNELS = 64 + 128 + 256
# Before them mean and covariance of the colours.
NUM_STATISTICS = 3 + 6 + 2 * NUM_CHANNELS
# Farther from the mean of the training's paintings no statistic counts.
MOST_DEVIATIONS = 5.0
# Of all together, so that a step of the training does not change everything.
INPUT_SCALE = NUM_STATISTICS**-0.5
_LARGEST_PAINTING = 4096


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Predictor:
    """Weights of rows of the tables from statistics of a painting.

    A network of two layers; its outputs are the weights of rows, and the first row has
    the weight 1.

    Attributes:
        offset: Of the statistics, `(NUM_STATISTICS,)`.
        scale: Of what is left of them, `(NUM_STATISTICS,)`.
        hidden_kernel: `(NUM_STATISTICS, hidden)`.
        hidden_bias: `(hidden,)`.
        kernel: `(hidden, outputs)`.
        bias: `(outputs,)`.
        strengths: As in `Conditions`.
        painting_size: Longer side to which paintings are scaled; 0: they are looked at
            as they are.

    References:
        Ghiasi et al., 2017, https://arxiv.org/abs/1705.06830
        Differs in statistics of VGG16 for pooled features of Inception.
    """

    offset: np.ndarray
    scale: np.ndarray
    hidden_kernel: np.ndarray
    hidden_bias: np.ndarray
    kernel: np.ndarray
    bias: np.ndarray
    strengths: tuple[float, ...] = (1.0,)
    painting_size: int = 512

    def __post_init__(self):
        check_strengths(self.strengths)
        if not 0 <= self.painting_size <= _LARGEST_PAINTING:
            raise ValueError(
                f"`painting_size` must be at least 0 and at most {_LARGEST_PAINTING}. "
                f"Received: painting_size={self.painting_size!r}"
            )

    @property
    def num_rows(self) -> int:
        """How many rows the tables have."""
        return (1 + len(self.bias)) * len(self.strengths)

    def predict(self, statistics: np.ndarray) -> np.ndarray:
        """Returns what is seen in a painting.

        Args:
            statistics: `(NUM_STATISTICS,)`.

        Returns:
            float32 array `(1 + outputs,)`.
        """
        x = (np.float32(statistics) - self.offset) * self.scale
        x = np.clip(x, -MOST_DEVIATIONS, MOST_DEVIATIONS) * INPUT_SCALE
        x = np.maximum(x @ self.hidden_kernel + self.hidden_bias, 0)
        return np.append(np.float32(1), x @ self.kernel + self.bias)

    def mix(self, seen: np.ndarray, strength: float = 1.0) -> np.ndarray:
        """Returns how much of each row a picture gets.

        Args:
            seen: What `predict` returned, or a mixture of several.
            strength: As in `Conditions.mix`.

        Returns:
            float32 array `(num_rows,)`.
        """
        shares = interpolate(strength, self.strengths)
        shares[-1] = 1.0
        return np.outer(seen, shares).ravel().astype("float32")

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Returns its arrays by the names of the attributes."""
        return {name: getattr(self, name) for name in list_predictor_shapes(0, 0)}


def list_predictor_shapes(num_hidden: int, num_outputs: int) -> dict[str, tuple]:
    """Returns the shapes of the arrays of a `Predictor`, in their order."""
    return {
        "offset": (NUM_STATISTICS,),
        "scale": (NUM_STATISTICS,),
        "hidden_kernel": (NUM_STATISTICS, num_hidden),
        "hidden_bias": (num_hidden,),
        "kernel": (num_hidden, num_outputs),
        "bias": (num_outputs,),
    }
