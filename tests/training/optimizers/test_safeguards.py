import keras
import numpy as np
import pytest

from fast_style.training.optimizers.adam import Adam
from fast_style.training.optimizers.making import make_optimizer
from fast_style.training.optimizers.registry import OPTIMIZERS


def make_variables():
    # A kernel, which Muon steps as a matrix; the others it steps as Adam does.
    shapes = {"kernel": (3, 3, 8, 8), "beta": (8,), "gamma": (5, 8), "matrix": (5, 8)}
    return [
        keras.Variable(np.zeros(shape, "float32"), name=name)
        for name, shape in shapes.items()
    ]


@pytest.fixture
def gradients(rng):
    return [rng.normal(size=v.shape).astype("float32") for v in make_variables()]


def step(optimizer, gradients):
    variables = make_variables()
    optimizer.build(variables)
    optimizer.apply([keras.ops.convert_to_tensor(g) for g in gradients], variables)
    return [np.asarray(variable) for variable in variables]


@pytest.mark.parametrize("name", OPTIMIZERS)
class TestEachOptimizer:
    def test_keeps_the_norm_of_all_gradients_together(self, name, gradients):
        optimizer = make_optimizer(name, 1e-3)

        step(optimizer, gradients)

        expected = np.sqrt(sum((g.astype("float64") ** 2).sum() for g in gradients))
        np.testing.assert_allclose(optimizer.gradient_norm, expected, rtol=1e-5)

    def test_the_factor_scales_the_step(self, name, gradients):
        whole, half = make_optimizer(name, 1e-3), make_optimizer(name, 1e-3)
        half.rate_factor = 0.5

        for one, other in zip(
            step(whole, gradients), step(half, gradients), strict=True
        ):
            np.testing.assert_allclose(other, one / 2, rtol=1e-6)

    def test_tables_have_a_rate_of_their_own(self, name, gradients):
        gradients[2][:] = gradients[3][:] = gradients[1]

        optimizer = make_optimizer(name, 1e-3, table_rate=10.0)
        _, scale, table, matrix = step(optimizer, gradients)

        np.testing.assert_allclose(table, np.tile(10 * scale, (5, 1)), rtol=1e-5)
        np.testing.assert_allclose(matrix, np.tile(scale, (5, 1)), rtol=1e-5)

    def test_convolutions_have_a_rate_of_their_own(self, name, gradients):
        slow, plain = (make_optimizer(name, 1e-3, convolution_rate=x) for x in (0.1, 1))

        (kernel, *others), (expected, *same) = (
            step(optimizer, gradients) for optimizer in (slow, plain)
        )

        np.testing.assert_allclose(kernel, 0.1 * expected, rtol=1e-5)
        for one, other in zip(others, same, strict=True):
            np.testing.assert_array_equal(one, other)

    def test_a_factor_of_1_is_none(self, name, gradients):
        optimizer = make_optimizer(name, 1e-3)
        rate = keras.ops.convert_to_tensor(0.25)

        assert optimizer.scale_rate(rate) is rate

    def test_carries_the_name_of_its_class(self, name):
        assert type(make_optimizer(name, 1e-3)).__name__ == OPTIMIZERS[name][1]


def test_a_gradient_is_clipped_by_its_norm(gradients):
    norm = np.sqrt(sum((g**2).sum() for g in gradients))
    clipped = make_optimizer("adam", 1e-3, global_clipnorm=float(norm) / 4)
    plain = Adam(1e-3)
    # A large epsilon makes Adam's step depend on the gradient's size.
    clipped.epsilon = plain.epsilon = 1.0

    actual = step(clipped, gradients)

    expected = step(plain, [g / 4 for g in gradients])
    for one, other in zip(actual, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4)
