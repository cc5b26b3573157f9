import numpy as np
import tensorflow as tf

from fast_style.models.layers.normalization import InstanceNormalization


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

    def test_its_gradient_is_the_derived_one(self, rng, compute_gradients):
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

    def test_its_gradient_holds_in_graphs_of_unknown_size(self, rng, compute_gradients):
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

    def test_survives_saving(self, check_saving):
        layer = InstanceNormalization(epsilon=0.5, gamma_initializer="random_normal")

        check_saving(layer)


class TestConditions:
    def test_each_image_gets_its_mixture(self, rng):
        images = rng.normal(size=(2, 6, 5, 3)).astype("float32")
        tables = rng.normal(size=(2, 4, 3)).astype("float32")
        shares = np.float32([[0, 0, 1, 0], [0.5, 0.25, 0, 0.25]])
        layer = InstanceNormalization(num_conditions=4)
        layer.build([images.shape, shares.shape])
        layer.set_weights(list(tables))

        actual = np.asarray(layer([images, shares]))

        plain = np.asarray(InstanceNormalization()(images))
        for i, (gamma, beta) in enumerate(
            zip(*(shares @ t for t in tables), strict=True)
        ):
            np.testing.assert_allclose(actual[i], plain[i] * gamma + beta, atol=1e-5)

    def test_its_gradient_is_the_derived_one(self, rng):
        images = tf.constant(rng.normal(3, 5, size=(2, 5, 7, 3)), tf.float32)
        shares = tf.constant([[0.0, 1.0], [0.25, 0.75]])
        layer = InstanceNormalization(epsilon=0.1, num_conditions=2)
        layer.build([images.shape, shares.shape])
        layer.set_weights(rng.normal(size=(2, 2, 3)))

        with tf.GradientTape(persistent=True) as tape:
            tape.watch(images)
            outputs = [layer([images, shares], training=t) for t in (True, False)]
            sums = [tf.reduce_sum(tf.sin(y)) for y in outputs]
        sources = [images, *layer.trainable_variables]
        own, derived = (tape.gradient(total, sources) for total in sums)

        for gradient, expected in zip(own, derived, strict=True):
            np.testing.assert_allclose(gradient, expected, rtol=1e-4, atol=1e-5)
