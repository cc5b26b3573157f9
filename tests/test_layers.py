import keras
import numpy as np
import pytest
import tensorflow as tf

from fast_style import layers


def run_in_unknown_size_graph(layer, *inputs):
    specs = [tf.TensorSpec((None, None, None, x.shape[-1]), x.dtype) for x in inputs]

    @tf.function(input_signature=specs)
    def run(*tensors):
        return layer(tensors if len(tensors) > 1 else tensors[0])

    return run(*inputs).numpy()


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

        actual = layers.InstanceNormalization(epsilon=0.1)(images)

        expected = (images - mean) / np.sqrt(variance + 0.1)
        np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-5)

    def test_an_image_comes_out_the_same_alone_and_in_a_batch(self, rng):
        images = rng.normal(size=(3, 4, 4, 2)).astype("float32")
        layer = layers.InstanceNormalization()

        np.testing.assert_allclose(layer(images)[1:2], layer(images[1:2]), atol=1e-6)

    def test_scales_and_shifts_with_what_it_learned(self, rng):
        images = rng.normal(size=(1, 6, 6, 2)).astype("float32")
        layer = layers.InstanceNormalization()
        plain = np.asarray(layer(images))
        layer.set_weights([np.array([2.0, 3.0]), np.array([-1.0, 1.0])])

        expected = plain * [2.0, 3.0] + [-1.0, 1.0]
        np.testing.assert_allclose(layer(images), expected, rtol=1e-5, atol=1e-5)

    def test_sixteen_bits_lose_no_mean(self, rng):
        images = np.rint(1000 + rng.normal(0, 4, (1, 32, 32, 1))).astype("float16")
        layer = layers.InstanceNormalization(dtype="mixed_float16")

        normalized = np.asarray(layer(images), "float32")

        # Near 1000 numbers lie 0.5 apart in float16, near its square 8.
        assert abs(normalized.mean()) < 1e-3
        assert abs(normalized.std() - 1) < 1e-3

    def test_its_gradient_is_the_derived_one(self, rng):
        images = tf.constant(rng.normal(3, 5, size=(2, 5, 7, 3)), tf.float32)
        layer = layers.InstanceNormalization(epsilon=0.1)
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
        layer = layers.InstanceNormalization()
        layer.build(images.shape)

        def compute(images):
            return compute_gradients(layer, images, training=True)[1][0]

        actual = run_in_unknown_size_graph(compute, images)

        np.testing.assert_allclose(actual, compute(tf.constant(images)), atol=1e-6)


class TestConv2D:
    @pytest.mark.parametrize(("size", "filters"), [(1, 3), (3, 3), (9, 3), (5, 7)])
    def test_is_keras_own_in_training_too(self, rng, size, filters):
        images = tf.constant(rng.normal(size=(2, 11, 14, 5)), tf.float32)
        layer = layers.Conv2D(filters, size, bias_initializer="random_normal")
        keras_layer = keras.layers.Conv2D(filters, size)
        layer.build(images.shape)
        keras_layer.build(images.shape)
        keras_layer.set_weights(layer.get_weights())

        outputs, gradients = compute_gradients(layer, images, training=True)
        expected_outputs, expected = compute_gradients(keras_layer, images)

        np.testing.assert_allclose(outputs, expected_outputs, rtol=1e-4, atol=1e-5)
        for gradient, value in zip(gradients, expected, strict=True):
            np.testing.assert_allclose(gradient, value, rtol=1e-4, atol=1e-4)

    def test_sixteen_bits_add_up_in_thirty_two(self, rng):
        images = rng.normal(size=(1, 30, 30, 32)).astype("float32")
        layer = layers.Conv2D(3, 9, dtype="mixed_bfloat16")
        whole = keras.layers.Conv2D(3, 9)
        for each in (layer, whole):
            each.build(images.shape)
        whole.set_weights(layer.get_weights())

        outputs = np.asarray(layer(images, training=True), "float32")

        # 8 bits of each input, weight and row count, and 8 of the outcome.
        np.testing.assert_allclose(outputs, whole(images), atol=0.03)


class TestReflectionPadding2D:
    def test_is_numpys_reflection(self, rng):
        images = rng.normal(size=(2, 5, 6, 3)).astype("float32")
        expected = np.pad(images, ((0, 0), (2, 2), (2, 2), (0, 0)), mode="reflect")

        np.testing.assert_array_equal(layers.ReflectionPadding2D(2)(images), expected)


class TestBilinearUpsampling2D:
    def test_is_keras_own_bilinear_upsampling(self, rng):
        images = rng.normal(size=(2, 5, 7, 3)).astype("float32")
        expected = keras.layers.UpSampling2D(interpolation="bilinear")(images)

        np.testing.assert_allclose(
            layers.BilinearUpsampling2D()(images), expected, atol=1e-6
        )

    def test_is_the_same_where_the_size_is_unknown(self, rng):
        images = rng.normal(size=(2, 5, 7, 3)).astype("float32")
        layer = layers.BilinearUpsampling2D()

        actual = run_in_unknown_size_graph(layer, images)

        np.testing.assert_allclose(actual, layer(images), atol=1e-6)

    def test_bfloat16_has_the_right_gradient_under_xla(self, rng):
        images = rng.normal(size=(1, 8, 8, 4)).astype("float32")
        layer = layers.BilinearUpsampling2D(dtype="mixed_bfloat16")

        @tf.function(jit_compile=True)
        def compute_gradient(x):
            with tf.GradientTape() as tape:
                tape.watch(x)
                total = tf.reduce_sum(tf.cast(layer(x), tf.float32))
            return tape.gradient(total, x)

        # Each pixel is spread over four, and nothing is lost.
        gradient = compute_gradient(tf.constant(images))
        np.testing.assert_allclose(gradient, np.full_like(images, 4.0), rtol=0.02)


class TestConcatenateNoise:
    def test_lays_squares_of_prime_sides_beside_each_other(self, rng):
        images = rng.normal(size=(2, 130, 125, 3)).astype("float32")

        joined = np.asarray(layers.ConcatenateNoise(2)(images))

        np.testing.assert_array_equal(joined[..., :3], images)
        np.testing.assert_array_equal(joined[0, ..., 3:], joined[1, ..., 3:])
        for channel, side in ((3, 61), (4, 59)):
            noise = joined[0, ..., channel]
            expected = np.tile(noise[:side, :side], (3, 3))[:130, :125]
            np.testing.assert_array_equal(noise, expected)

    def test_is_numpys_old_stream_which_never_changes(self):
        noise = np.asarray(layers.ConcatenateNoise(2)(np.zeros((1, 59, 59, 1))))

        random = np.random.RandomState(0)
        first = random.standard_normal((61, 61))[:59, :59]
        second = random.standard_normal((59, 59))
        np.testing.assert_allclose(noise[0, ..., 1], first, rtol=1e-6)
        np.testing.assert_allclose(noise[0, ..., 2], second, rtol=1e-6)

    def test_has_nothing_that_stands_out(self):
        noise = np.asarray(layers.ConcatenateNoise(8)(np.zeros((1, 256, 256, 1))))

        noise = noise[0, ..., 1:].reshape(-1, 8)
        np.testing.assert_allclose(noise.mean(axis=0), 0, atol=0.1)
        np.testing.assert_allclose(np.cov(noise.T), np.eye(8), atol=0.1)

    def test_any_size_in_one_graph(self, rng):
        layer = layers.ConcatenateNoise(4)
        images = rng.normal(size=(2, 9, 65, 3)).astype("float32")

        actual = run_in_unknown_size_graph(layer, images)

        np.testing.assert_array_equal(actual, layer(images))

    def test_moves_while_a_block_lasts(self):
        images = keras.Input((None, None, 3))
        model = keras.Model(images, layers.ConcatenateNoise(2)(images))
        zeros = np.zeros((1, 90, 90, 3), "float32")
        still = np.asarray(model(zeros))[0]

        with layers.shifted_noise(model, (7, 200)):
            moved = np.asarray(model(zeros))[0]

        for channel, side in ((3, 61), (4, 59)):
            square = np.roll(still[:side, :side, channel], (-7, -200), axis=(0, 1))
            np.testing.assert_array_equal(moved[:side, :side, channel], square)
        np.testing.assert_array_equal(model(zeros)[0], still)

    def test_more_channels_than_there_are_tiles_are_refused(self):
        with pytest.raises(ValueError, match="at most 8"):
            layers.ConcatenateNoise(9)


class TestPadToMultipleAndCropLike:
    @pytest.mark.parametrize("size", [(1, 1), (1, 7), (2, 3), (16, 17), (20, 24)])
    def test_pads_as_numpy_reflects_however_small(self, rng, size):
        images = rng.normal(size=(1, *size, 2)).astype("float32")
        layer = layers.PadToMultiple(4, 16)

        actual = np.asarray(layer(images))

        added = [max(-(-n // 4) * 4, 16) - n for n in size]
        sides = ((0, 0), (0, added[0]), (0, added[1]), (0, 0))
        # NumPy reflects again and again, too.
        np.testing.assert_array_equal(actual, np.pad(images, sides, mode="reflect"))
        np.testing.assert_array_equal(run_in_unknown_size_graph(layer, images), actual)

    @pytest.mark.parametrize("size", [(1, 1), (3, 50), (16, 17)])
    def test_cropping_undoes_padding(self, rng, size):
        images = rng.normal(size=(2, *size, 3)).astype("float32")
        padded = layers.PadToMultiple(4, 16)(images)
        crop = layers.CropLike()

        np.testing.assert_array_equal(crop([padded, images]), images)
        actual = run_in_unknown_size_graph(crop, np.asarray(padded), images)
        np.testing.assert_array_equal(actual, images)


@pytest.mark.parametrize(
    "layer",
    [
        layers.InstanceNormalization(epsilon=0.5, gamma_initializer="random_normal"),
        layers.Conv2D(3, 5),
        layers.ReflectionPadding2D(3),
        layers.BilinearUpsampling2D(),
        layers.ConcatenateNoise(4),
        layers.PadToMultiple(4, 16),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_layers_survive_saving(layer, rng, tmp_path):
    images = rng.normal(size=(1, 6, 9, 2)).astype("float32")
    inputs = keras.Input((None, None, 2))
    model = keras.Model(inputs, layer(inputs))
    model.save(tmp_path / "model.keras")

    loaded = keras.saving.load_model(tmp_path / "model.keras")

    np.testing.assert_array_equal(loaded(images), model(images))
    assert loaded.layers[-1].get_config() == layer.get_config()
    shape = layer.compute_output_shape((1, 6, 9, 2))
    assert tuple(model(images).shape) == tuple(shape)
