import keras
import numpy as np
import pytest
import tensorflow as tf

from fast_style.models.layers.convolution import Conv2D
from fast_style.models.layers.normalization import InstanceNormalization


def compute_gradients(layer, images, **kwargs):
    """Returns the outputs, and the gradients of images and weights."""
    with tf.GradientTape() as tape:
        tape.watch(images)
        outputs = layer(images, **kwargs)
        loss = tf.reduce_sum(tf.cos(outputs))
    weights = [variable.value for variable in layer.trainable_variables]
    return outputs, tape.gradient(loss, [images, *weights])


class TestInstanceNormalization:
    def test_is_what_numpy_computes_for_each_image_and_channel(self, rng):
        images = rng.normal(3, 5, size=(2, 5, 7, 3)).astype("float32")
        mean = images.mean(axis=(1, 2), keepdims=True)
        variance = images.var(axis=(1, 2), keepdims=True)

        actual = InstanceNormalization(epsilon=0.1)(images)

        expected = (images - mean) / np.sqrt(variance + 0.1)
        np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-5)

    def test_an_image_comes_out_the_same_alone_and_in_a_batch(self, rng):
        images = rng.normal(size=(3, 4, 4, 2)).astype("float32")
        layer = InstanceNormalization()

        np.testing.assert_allclose(layer(images)[1:2], layer(images[1:2]), atol=1e-6)

    def test_scales_and_shifts_with_what_it_learned(self, rng):
        images = rng.normal(size=(1, 6, 6, 2)).astype("float32")
        layer = InstanceNormalization()
        plain = np.asarray(layer(images))
        layer.set_weights([np.array([2.0, 3.0]), np.array([-1.0, 1.0])])

        expected = plain * [2.0, 3.0] + [-1.0, 1.0]
        np.testing.assert_allclose(layer(images), expected, rtol=1e-5, atol=1e-5)

    def test_sixteen_bits_lose_no_mean(self, rng):
        images = np.rint(1000 + rng.normal(0, 4, (1, 32, 32, 1))).astype("float16")
        layer = InstanceNormalization(dtype="mixed_float16")

        normalized = np.asarray(layer(images), "float32")

        # Near 1000 numbers lie 0.5 apart in float16, near its square 8.
        assert abs(normalized.mean()) < 1e-3
        assert abs(normalized.std() - 1) < 1e-3

    def test_its_gradient_is_the_derived_one(self, rng):
        images = tf.constant(rng.normal(3, 5, size=(2, 5, 7, 3)), tf.float32)
        layer = InstanceNormalization(epsilon=0.1)
        layer.build(images.shape)
        layer.set_weights(rng.normal(size=(2, 3)))

        # Outside of training it is TensorFlow that derives it.
        outputs, gradients = compute_gradients(layer, images, training=True)
        expected_outputs, expected = compute_gradients(layer, images, training=False)

        np.testing.assert_allclose(outputs, expected_outputs, rtol=1e-6)
        for gradient, value in zip(gradients, expected, strict=True):
            np.testing.assert_allclose(gradient, value, rtol=1e-4, atol=1e-5)

    def test_its_gradient_holds_in_graphs_of_unknown_size(self, rng):
        images = rng.normal(3, 5, size=(2, 5, 7, 3)).astype("float32")
        layer = InstanceNormalization()
        layer.build(images.shape)

        def compute(images):
            return compute_gradients(layer, images, training=True)[1][0]

        unknown = tf.TensorSpec((None, None, None, 3), tf.float32)
        in_graph = tf.function(compute, input_signature=[unknown])

        np.testing.assert_allclose(
            in_graph(images), compute(tf.constant(images)), atol=1e-6
        )


class TestConv2D:
    @pytest.mark.parametrize(("size", "filters"), [(1, 3), (3, 3), (9, 3), (5, 7)])
    def test_is_keras_own_in_training_too(self, rng, size, filters):
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
