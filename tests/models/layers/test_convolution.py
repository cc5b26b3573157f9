import keras
import numpy as np
import pytest
import tensorflow as tf

from fast_style.models.layers.convolution import Conv2D


class TestConv2D:
    @pytest.mark.parametrize(("size", "filters"), [(1, 3), (3, 3), (9, 3), (5, 7)])
    def test_is_keras_own_in_training_too(self, rng, size, filters, compute_gradients):
        images = tf.constant(rng.normal(size=(2, 11, 14, 5)), tf.float32)
        layer = Conv2D(filters, size, bias_initializer="random_normal")
        keras_layer = keras.layers.Conv2D(filters, size)
        layer.build(images.shape)
        keras_layer.build(images.shape)
        keras_layer.set_weights(layer.get_weights())

        outputs, gradients = compute_gradients(layer, images, training=True)
        expected_outputs, expected = compute_gradients(keras_layer, images)

        np.testing.assert_allclose(outputs, expected_outputs, rtol=1e-4, atol=1e-5)
        for gradient, value in zip(gradients, expected, strict=True):
            np.testing.assert_allclose(gradient, value, rtol=1e-4, atol=1e-4)

    @pytest.mark.parametrize(
        "options",
        [
            {"padding": "same"},
            {"strides": 2},
            {"dilation_rate": 2},
            {"use_bias": False, "activation": "tanh"},
        ],
    )
    def test_has_all_that_keras_has(self, rng, options):
        images = rng.normal(size=(1, 9, 9, 4)).astype("float32")
        layer = Conv2D(3, (3, 2), **options)

        outputs = layer(images, training=True)

        np.testing.assert_allclose(outputs, layer(images), rtol=1e-4, atol=1e-5)

    def test_sixteen_bits_add_up_in_thirty_two(self, rng):
        images = tf.constant(rng.normal(size=(1, 30, 30, 32)), tf.bfloat16)
        layer = Conv2D(3, 9, dtype="mixed_bfloat16")
        layer.build(images.shape)
        kernel = rng.normal(size=(9, 9, 32, 3))
        layer.set_weights([kernel, np.zeros(3)])

        outputs = layer(images, training=True)

        rows = [
            tf.nn.conv2d(
                images[:, row : row + 22],
                tf.constant(kernel[row : row + 1], tf.bfloat16),
                strides=1,
                padding="VALID",
            )
            for row in range(9)
        ]
        expected = np.sum([np.asarray(row, "float32") for row in rows], axis=0)
        expected = tf.cast(expected, tf.bfloat16)
        # A row may round otherwise by itself; a sum in 16 bits differs nearly always.
        assert np.mean(np.asarray(outputs) != np.asarray(expected)) < 0.1

    def test_survives_saving(self, check_saving):
        check_saving(Conv2D(3, 5))
