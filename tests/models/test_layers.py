import keras
import numpy as np
import pytest
import tensorflow as tf

from fast_style.models.layers.convolution import Conv2D
from fast_style.models.layers.noise import ConcatenateNoise
from fast_style.models.layers.noise import shifted_noise
from fast_style.models.layers.normalization import InstanceNormalization
from fast_style.models.layers.padding import CropLike
from fast_style.models.layers.padding import PadToMultiple
from fast_style.models.layers.padding import ReflectionPadding2D
from fast_style.models.layers.upsampling import BilinearUpsampling2D


def run_in_unknown_size_graph(layer, *inputs):
    specs = [tf.TensorSpec((None, None, None, x.shape[-1]), x.dtype) for x in inputs]

    @tf.function(input_signature=specs)
    def run(*tensors):
        return layer(tensors if len(tensors) > 1 else tensors[0])

    return run(*inputs).numpy()


class TestReflectionPadding2D:
    def test_is_numpys_reflection(self, rng):
        images = rng.normal(size=(2, 5, 6, 3)).astype("float32")
        expected = np.pad(images, ((0, 0), (2, 2), (2, 2), (0, 0)), mode="reflect")

        np.testing.assert_array_equal(ReflectionPadding2D(2)(images), expected)


class TestBilinearUpsampling2D:
    def test_is_keras_own_bilinear_upsampling(self, rng):
        images = rng.normal(size=(2, 5, 7, 3)).astype("float32")
        expected = keras.layers.UpSampling2D(interpolation="bilinear")(images)

        np.testing.assert_allclose(BilinearUpsampling2D()(images), expected, atol=1e-6)

    def test_is_the_same_where_the_size_is_unknown(self, rng):
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


class TestConcatenateNoise:
    def test_lays_squares_of_prime_sides_beside_each_other(self, rng):
        images = rng.normal(size=(2, 130, 125, 3)).astype("float32")

        joined = np.asarray(ConcatenateNoise(2)(images))

        np.testing.assert_array_equal(joined[..., :3], images)
        np.testing.assert_array_equal(joined[0, ..., 3:], joined[1, ..., 3:])
        for channel, side in ((3, 61), (4, 59)):
            noise = joined[0, ..., channel]
            expected = np.tile(noise[:side, :side], (3, 3))[:130, :125]
            np.testing.assert_array_equal(noise, expected)

    def test_is_numpys_old_stream_which_never_changes(self):
        noise = np.asarray(ConcatenateNoise(2)(np.zeros((1, 59, 59, 1))))

        random = np.random.RandomState(0)
        first = random.standard_normal((61, 61))[:59, :59]
        second = random.standard_normal((59, 59))
        np.testing.assert_allclose(noise[0, ..., 1], first, rtol=1e-6)
        np.testing.assert_allclose(noise[0, ..., 2], second, rtol=1e-6)

    def test_has_nothing_that_stands_out(self):
        noise = np.asarray(ConcatenateNoise(8)(np.zeros((1, 256, 256, 1))))

        noise = noise[0, ..., 1:].reshape(-1, 8)
        np.testing.assert_allclose(noise.mean(axis=0), 0, atol=0.1)
        np.testing.assert_allclose(np.cov(noise.T), np.eye(8), atol=0.1)

    def test_any_size_in_one_graph(self, rng):
        layer = ConcatenateNoise(4)
        images = rng.normal(size=(2, 9, 65, 3)).astype("float32")

        actual = run_in_unknown_size_graph(layer, images)

        np.testing.assert_array_equal(actual, layer(images))

    def test_moves_while_a_block_lasts(self):
        images = keras.Input((None, None, 3))
        model = keras.Model(images, ConcatenateNoise(2)(images))
        zeros = np.zeros((1, 90, 90, 3), "float32")
        still = np.asarray(model(zeros))[0]

        with shifted_noise(model, (7, 200)):
            moved = np.asarray(model(zeros))[0]

        for channel, side in ((3, 61), (4, 59)):
            square = np.roll(still[:side, :side, channel], (-7, -200), axis=(0, 1))
            np.testing.assert_array_equal(moved[:side, :side, channel], square)
        np.testing.assert_array_equal(model(zeros)[0], still)

    def test_more_channels_than_there_are_tiles_are_refused(self):
        with pytest.raises(ValueError, match="at most 8"):
            ConcatenateNoise(9)


class TestPadToMultipleAndCropLike:
    @pytest.mark.parametrize("size", [(1, 1), (1, 7), (2, 3), (16, 17), (20, 24)])
    def test_pads_as_numpy_reflects_however_small(self, rng, size):
        images = rng.normal(size=(1, *size, 2)).astype("float32")
        layer = PadToMultiple(4, 16)

        actual = np.asarray(layer(images))

        added = [max(-(-n // 4) * 4, 16) - n for n in size]
        sides = ((0, 0), (0, added[0]), (0, added[1]), (0, 0))
        # NumPy reflects again and again, too.
        np.testing.assert_array_equal(actual, np.pad(images, sides, mode="reflect"))
        np.testing.assert_array_equal(run_in_unknown_size_graph(layer, images), actual)

    @pytest.mark.parametrize("size", [(1, 1), (3, 50), (16, 17)])
    def test_cropping_undoes_padding(self, rng, size):
        images = rng.normal(size=(2, *size, 3)).astype("float32")
        padded = PadToMultiple(4, 16)(images)
        crop = CropLike()

        np.testing.assert_array_equal(crop([padded, images]), images)
        actual = run_in_unknown_size_graph(crop, np.asarray(padded), images)
        np.testing.assert_array_equal(actual, images)


@pytest.mark.parametrize(
    "layer",
    [
        InstanceNormalization(epsilon=0.5, gamma_initializer="random_normal"),
        Conv2D(3, 5),
        ReflectionPadding2D(3),
        BilinearUpsampling2D(),
        ConcatenateNoise(4),
        PadToMultiple(4, 16),
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
