"""Makes optimizers by name."""

import importlib

import keras

from fast_style.training.optimizers.registry import OPTIMIZERS


def make_optimizer(
    name: str,
    learning_rate,
    *,
    ema_momentum: float = 0.0,
    global_clipnorm: float = 0.0,
    table_rate: float = 1.0,
    convolution_rate: float = 1.0,
) -> keras.optimizers.Optimizer:
    """Makes the optimizer of a training.

    Args:
        name: A name in `registry.OPTIMIZERS`.
        learning_rate: A number or a Keras schedule.
        ema_momentum: Momentum of the weights' moving average; 0: no average.
        global_clipnorm: Gradients with a larger global norm are scaled down
            to it; 0: no clipping.
        table_rate: Factor of the learning rate of tables of scales and shifts.
        convolution_rate: Factor of that of kernels of convolutions.

    Returns:
        A Keras optimizer with the attributes of `Safeguards`.
    """
    module_name, class_name = OPTIMIZERS[name]
    module = importlib.import_module(f"fast_style.training.optimizers.{module_name}")
    optimizer = getattr(module, class_name)(
        learning_rate, use_ema=ema_momentum > 0, ema_momentum=ema_momentum
    )
    optimizer.max_norm = global_clipnorm
    optimizer.table_rate = table_rate
    optimizer.convolution_rate = convolution_rate
    return optimizer
