"""The network that looks at paintings, as a layer that is trained."""

import keras
from keras import layers
from keras import ops
import numpy as np

from fast_style.models.predictor import INPUT_SCALE
from fast_style.models.predictor import MOST_DEVIATIONS
from fast_style.models.predictor import NUM_STATISTICS
from fast_style.models.predictor import Predictor


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

    def call(self, statistics):
        x = (ops.cast(statistics, "float32") - self.offset) * self.scale
        x = ops.clip(x, -MOST_DEVIATIONS, MOST_DEVIATIONS) * INPUT_SCALE
        x = ops.relu(ops.matmul(x, self.hidden_kernel) + self.hidden_bias)
        x = ops.matmul(x, self.kernel) + self.bias
        return ops.concatenate([ops.ones_like(x[:, :1]), x], axis=1)

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
