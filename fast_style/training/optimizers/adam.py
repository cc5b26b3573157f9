"""Adam, with safeguards."""

import keras

from fast_style.training.optimizers.safeguards import Safeguards


@keras.saving.register_keras_serializable(package="fast_style")
class Adam(Safeguards, keras.optimizers.Adam):
    """Keras' Adam, with the gradient's norm in `gradient_norm`."""
