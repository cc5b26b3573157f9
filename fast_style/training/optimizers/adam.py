"""Adam, with clipping."""

import keras

from fast_style.training.optimizers.clipping import ClipsByNorm


@keras.saving.register_keras_serializable(package="fast_style")
class Adam(ClipsByNorm, keras.optimizers.Adam):
    """Keras' Adam, with the gradient's norm in `gradient_norm`."""
