"""Muon for the kernels of convolutions, Adam for the rest."""

import keras
from keras import ops

from fast_style.training.optimizers.safeguards import Safeguards

# This many rounds bring the singular values to between 0.7 and 1.2.
_NUM_ROUNDS = 5
_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
# Adam updates matrices with fewer rows or columns: the last convolution.
_MINIMUM_SIDE = 8


@keras.saving.register_keras_serializable(package="fast_style")
class Muon(Safeguards, keras.optimizers.Adam):
    """Updates kernels by orthogonal matrices, and all other variables like Adam.

    The momentum of a kernel, as a matrix `(height * width * channels, filters)`,
    is replaced by the nearest matrix with orthonormal rows or columns, so that
    the kernel moves as far along rare directions as along frequent ones. The step is
    scaled by 0.2 * sqrt(longer side), which makes its entries a fifth of
    `learning_rate * kernel_rate` on average.

    Args:
        learning_rate: A number or a Keras schedule.
        kernel_rate: Factor of the learning rate of kernels.
        momentum: Nesterov momentum of kernels.
        **kwargs: Arguments of Adam.

    References:
        Jordan et al., 2024, https://kellerjordan.github.io/posts/muon
        Scale of the step: Liu et al., 2025, https://arxiv.org/abs/2502.16982
        Differs from `keras.optimizers.Muon`, which updates 4D kernels like Adam.
    """

    def __init__(
        self,
        learning_rate=1e-3,
        *,
        kernel_rate=3.0,
        momentum=0.95,
        name="muon",
        **kwargs,
    ):
        super().__init__(learning_rate, name=name, **kwargs)
        self.kernel_rate = kernel_rate
        self.momentum = momentum

    def update_step(self, gradient, variable, learning_rate):
        if not is_orthogonalized(variable):
            super().update_step(gradient, variable, learning_rate)
            return
        rate = self.find_rate(learning_rate, variable) * self.kernel_rate
        rate = ops.cast(rate, variable.dtype)
        gradient = ops.cast(gradient, variable.dtype)
        mean = self._momentums[self._get_variable_index(variable)]
        self.assign(mean, self.momentum * mean + (1 - self.momentum) * gradient)
        ahead = self.momentum * mean + (1 - self.momentum) * gradient
        matrix = ops.reshape(ahead, (-1, variable.shape[-1]))
        scale = 0.2 * max(matrix.shape) ** 0.5
        step = ops.reshape(orthogonalize(matrix), variable.shape)
        self.assign_sub(variable, rate * scale * step)

    def get_config(self):
        return {
            **super().get_config(),
            "kernel_rate": self.kernel_rate,
            "momentum": self.momentum,
        }


def is_orthogonalized(variable) -> bool:
    """Returns whether `Muon` treats a variable as a matrix."""
    shape = variable.shape
    if len(shape) != 4:
        return False
    return min(shape[0] * shape[1] * shape[2], shape[3]) >= _MINIMUM_SIDE


def orthogonalize(matrix):
    """Brings all singular values of a matrix to about 1.

    Runs five rounds of a Newton-Schulz iteration of the fifth order, whose
    coefficients are chosen for speed: the singular values end up between 0.68 and
    1.2, which is close enough for a step. Those below 1.5e-3 of the matrix norm
    end up smaller.

    Args:
        matrix: `(N, M)`, float32.

    Returns:
        A matrix of the same shape, with the same singular vectors.

    References:
        Jordan et al., 2024, https://kellerjordan.github.io/posts/muon
    """
    is_tall = matrix.shape[0] > matrix.shape[1]
    x = ops.transpose(matrix) if is_tall else matrix
    x = x / (ops.norm(x) + 1e-7)
    a, b, c = _COEFFICIENTS
    for _ in range(_NUM_ROUNDS):
        square = ops.matmul(x, ops.transpose(x))
        x = a * x + ops.matmul(b * square + c * ops.matmul(square, square), x)
    return ops.transpose(x) if is_tall else x
