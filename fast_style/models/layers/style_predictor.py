"""The network that looks at paintings, as a layer that is trained."""

import keras
from keras import layers
from keras import ops
import numpy as np

from fast_style.models.predictor import INPUT_SCALE
from fast_style.models.predictor import MOST_DEVIATIONS
from fast_style.models.predictor import NUM_STATISTICS
from fast_style.models.predictor import Predictor

_PENALTY = 0.1  # Of the square of a weight, in variances of what is hidden.


@keras.saving.register_keras_serializable(package="fast_style")
class StylePredictor(layers.Layer):
    """Does what `Predictor.predict` does, for a batch.

    Args:
        num_outputs: Numbers beside the first, which is 1.
        num_hidden: Units between.
        **kwargs: Arguments of the base layer, such as `name`.

    Input shape:
        Statistics `(B, NUM_STATISTICS)`.

    Output shape:
        `(B, 1 + num_outputs)`.
    """

    def __init__(self, num_outputs: int, *, num_hidden: int = 100, **kwargs):
        super().__init__(**kwargs)
        self.num_outputs = num_outputs
        self.num_hidden = num_hidden

    def build(self, input_shape):
        size, hidden = input_shape[-1], self.num_hidden

        def add(name, shape, initializer="zeros", *, trainable=True):
            return self.add_weight(
                shape, initializer=initializer, trainable=trainable, name=name
            )

        self.offset = add("offset", (size,), trainable=False)
        self.scale = add("scale", (size,), "ones", trainable=False)
        self.hidden_kernel = add(
            "hidden_kernel", (size, hidden), keras.initializers.RandomNormal(stddev=1.0)
        )
        self.hidden_bias = add("hidden_bias", (hidden,))
        self.kernel = add("kernel", (hidden, self.num_outputs), "glorot_uniform")
        self.bias = add("bias", (self.num_outputs,))

    def adapt(self, statistics: np.ndarray) -> None:
        """Sets offset and scale, so that statistics have mean 0 and deviation 1.

        Args:
            statistics: Of many paintings, `(N, NUM_STATISTICS)`.
        """
        if not self.built:
            self.build((None, NUM_STATISTICS))
        self.offset.assign(statistics.mean(axis=0))
        # What is always the same in these says nothing of others.
        self.scale.assign(1.0 / (statistics.std(axis=0) + 1e-2))

    def fit(self, statistics: np.ndarray, seen: np.ndarray) -> None:
        """Fits the last of the two layers by ridge regression.

        Args:
            statistics: Of paintings, `(N, NUM_STATISTICS)`.
            seen: What it is to see in them, `(N, M)`: the first M numbers after the 1.
        """
        hidden = ops.convert_to_numpy(self._hide(statistics))
        mean, wanted = hidden.mean(axis=0), seen.mean(axis=0)
        hidden = hidden - mean
        penalty = _PENALTY * len(hidden) * hidden.var() * np.eye(self.num_hidden)
        fitted = np.linalg.solve(
            hidden.T @ hidden + penalty, hidden.T @ (seen - wanted)
        )
        kernel = np.array(ops.convert_to_numpy(self.kernel))
        bias = np.array(ops.convert_to_numpy(self.bias))
        kernel[:, : seen.shape[1]] = fitted
        bias[: seen.shape[1]] = wanted - mean @ fitted
        self.kernel.assign(kernel)
        self.bias.assign(bias)

    def call(self, statistics):
        x = ops.matmul(self._hide(statistics), self.kernel) + self.bias
        return ops.concatenate([ops.ones_like(x[:, :1]), x], axis=1)

    def _hide(self, statistics):
        x = (ops.cast(statistics, "float32") - self.offset) * self.scale
        x = ops.clip(x, -MOST_DEVIATIONS, MOST_DEVIATIONS) * INPUT_SCALE
        return ops.relu(ops.matmul(x, self.hidden_kernel) + self.hidden_bias)

    def to_predictor(self, **options) -> Predictor:
        """Returns its numbers.

        Args:
            **options: `strengths` and `painting_size` of the `Predictor`.
        """
        names = ("offset", "scale", "hidden_kernel", "hidden_bias", "kernel", "bias")
        arrays = {n: ops.convert_to_numpy(getattr(self, n)) for n in names}
        return Predictor(**arrays, **options)

    def take(self, predictor: Predictor) -> None:
        """Takes the numbers of another one, of the same sizes."""
        for name, array in predictor.to_arrays().items():
            getattr(self, name).assign(array)

    def get_config(self):
        config = {"num_outputs": self.num_outputs, "num_hidden": self.num_hidden}
        return {**super().get_config(), **config}
