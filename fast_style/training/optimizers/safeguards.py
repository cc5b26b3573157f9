"""Gradient clipping and a rate factor, which our optimizers add to those of Keras."""

from keras import ops

from fast_style.training.distribution import all_reduce_sum
from fast_style.training.distribution import count_replicas


class Safeguards:
    """Clips gradients by their global norm, and can lower the learning rate.

    A mixin, to be put before a Keras optimizer among the bases of a class. The
    `global_clipnorm` of Keras' optimizers would use the norm of one replica's gradient.

    Attributes:
        table_rate: Factor of the learning rate of tables of scales and shifts.
        convolution_rate: Factor of that of kernels of convolutions.
        max_norm: The largest norm; 0: any.
        gradient_norm: Global norm of the last gradient before clipping. A variable, so
            that it can be read after a compiled step.
        rate_factor: Factor of the learning rate. A number, not a variable, as a step
            that multiplies by a variable rounds differently, even by one of 1. So a
            compiled step must be traced again when it changes.
    """

    table_rate = 1.0
    convolution_rate = 1.0
    max_norm = 0.0
    rate_factor = 1.0

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.gradient_norm = self.add_variable(
            shape=(),
            initializer="zeros",
            dtype="float32",
            aggregation="mean",
            name="gradient_norm",
        )

    def apply(self, grads, trainable_variables=None):
        if not self.built:
            self.build(trainable_variables)
        grads = all_reduce_sum(list(grads))
        squares = [ops.sum(ops.square(ops.cast(g, "float32"))) for g in grads]
        norm = ops.sqrt(sum(squares))
        self.gradient_norm.assign(norm)
        scale = 1.0 / count_replicas()  # As Keras adds them up once more.
        if self.max_norm:
            scale *= ops.minimum(1.0, self.max_norm / ops.maximum(norm, 1e-12))
        super().apply(
            [g * ops.cast(scale, g.dtype) for g in grads], trainable_variables
        )

    def update_step(self, gradient, variable, learning_rate):
        rate = self.find_rate(learning_rate, variable)
        super().update_step(gradient, variable, rate)

    def find_rate(self, learning_rate, variable):
        """Returns the learning rate of a variable."""
        if _is_table(variable):
            learning_rate = learning_rate * self.table_rate
        elif len(variable.shape) == 4:
            learning_rate = learning_rate * self.convolution_rate
        return self.scale_rate(learning_rate)

    def scale_rate(self, learning_rate):
        """Returns the learning rate times `rate_factor`."""
        if self.rate_factor == 1.0:
            return learning_rate
        return learning_rate * self.rate_factor


def _is_table(variable):
    # By the name, which Keras' variables and TensorFlow's (`a/gamma:0`) both have.
    name = variable.name.rpartition("/")[2].partition(":")[0]
    return name in ("gamma", "beta") and len(variable.shape) == 2
