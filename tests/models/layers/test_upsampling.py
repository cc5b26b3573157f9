import keras
import numpy as np
import tensorflow as tf

from fast_style.models.layers.upsampling import BilinearUpsampling2D


class TestBilinearUpsampling2D:
    def test_is_keras_own_bilinear_upsampling(self, rng):
        images = rng.normal(size=(2, 5, 7, 3)).astype("float32")
        expected = keras.layers.UpSampling2D(interpolation="bilinear")(images)

        np.testing.assert_allclose(BilinearUpsampling2D()(images), expected, atol=1e-6)

    def test_is_the_same_where_the_size_is_unknown(
        self, rng, run_in_unknown_size_graph
    ):
        images = rng.normal(size=(2, 5, 7, 3)).astype("float32")
        layer = BilinearUpsampling2D()

        actual = run_in_unknown_size_graph(layer, images)

        np.testing.assert_allclose(actual, layer(images), atol=1e-6)

    def test_bfloat16_has_the_right_gradient_under_xla(self, rng):
        images = rng.normal(size=(1, 8, 8, 4)).astype("float32")
        layer = BilinearUpsampling2D(dtype="mixed_bfloat16")

        @tf.function(jit_compile=True)
        def compute_gradient(x):
            with tf.GradientTape() as tape:
                tape.watch(x)
                total = tf.reduce_sum(tf.cast(layer(x), tf.float32))
            return tape.gradient(total, x)

        # Each pixel is spread over four, and nothing is lost.
        gradient = compute_gradient(tf.constant(images))
        np.testing.assert_allclose(gradient, np.full_like(images, 4.0), rtol=0.02)

    def test_survives_saving(self, check_saving):
        check_saving(BilinearUpsampling2D())
