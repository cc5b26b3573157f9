import keras
import numpy as np
import pytest

from fast_style.training.optimizers.muon import Muon
from fast_style.training.optimizers.muon import orthogonalize


class TestOrthogonalize:
    @pytest.mark.parametrize("shape", [(75, 32), (16, 72), (64, 64)])
    def test_keeps_the_singular_vectors_and_levels_their_values(self, rng, shape):
        # A kernel's momentum: few directions hold most of it.
        left, _, right = np.linalg.svd(rng.normal(size=shape), full_matrices=False)
        values = np.geomspace(1.0, 0.02, len(right))
        matrix = (left * values @ right).astype("float32")

        actual = np.asarray(orthogonalize(matrix))

        between = left.T @ actual @ right.T
        np.testing.assert_allclose(np.diag(between), 1.0, atol=0.35)
        np.testing.assert_allclose(between, np.diag(np.diag(between)), atol=1e-3)

    def test_a_gradient_of_zeros_is_no_step(self):
        step = orthogonalize(np.zeros((36, 16), "float32"))

        np.testing.assert_array_equal(step, np.zeros((36, 16)))


class TestMuon:
    def test_a_kernel_moves_as_far_along_rare_directions(self, rng):
        left, _, right = np.linalg.svd(rng.normal(size=(36, 16)), full_matrices=False)
        values = np.geomspace(1e-3, 1e-5, 16)
        gradient = (left * values @ right).reshape(3, 3, 4, 16).astype("float32")
        kernel = keras.Variable(np.ones((3, 3, 4, 16), "float32"))

        optimizer = Muon(1e-2, kernel_rate=3.0)
        optimizer.apply([gradient], [kernel])

        moved = (1.0 - np.asarray(kernel)).reshape(36, 16)
        lengths = np.diag(left.T @ moved @ right.T)
        # The rate times 3, times 0.2 and the root of the longer side.
        np.testing.assert_allclose(lengths / (1e-2 * 3.0 * 0.2 * 6.0), 1.0, atol=0.35)

    def test_momentum_is_nesterovs(self, rng):
        first, second = rng.normal(size=(2, 3, 3, 4, 16)).astype("float32")
        kernel = keras.Variable(np.zeros((3, 3, 4, 16), "float32"))
        optimizer = Muon(1.0, kernel_rate=1.0, momentum=0.9)
        optimizer.apply([first], [kernel])
        before = np.asarray(kernel)

        optimizer.apply([second], [kernel])

        mean = 0.9 * (0.1 * first) + 0.1 * second
        ahead = (0.9 * mean + 0.1 * second).reshape(36, 16)
        expected = -0.2 * 6.0 * np.asarray(orthogonalize(ahead))
        actual = (np.asarray(kernel) - before).reshape(36, 16)
        np.testing.assert_allclose(actual, expected, atol=1e-4)

    @pytest.mark.parametrize("shape", [(16,), (5, 5, 16, 3)])
    def test_scales_and_the_last_convolution_move_as_with_adam(self, rng, shape):
        gradients = rng.normal(size=(3, *shape)).astype("float32")
        ours, theirs = (keras.Variable(np.zeros(shape, "float32")) for _ in range(2))
        muon, adam = Muon(1e-2), keras.optimizers.Adam(1e-2)

        for gradient in gradients:
            muon.apply([gradient], [ours])
            adam.apply([gradient], [theirs])

        np.testing.assert_array_equal(ours, theirs)

    def test_is_rebuilt_from_its_config(self):
        optimizer = Muon(1e-2, kernel_rate=2.0, momentum=0.9)

        copy = Muon.from_config(optimizer.get_config())

        assert (copy.kernel_rate, copy.momentum) == (2.0, 0.9)
