import dataclasses
import io
import zipfile

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf

from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.generator import build_generator
from fast_style.models.saving import load_generator
from fast_style.models.saving import save_generator


@pytest.fixture(scope="module", params=["johnson", "fast", "tiny"])
def any_generator(request):
    return build_generator(request.param)


@pytest.fixture(scope="module")
def tiny():
    return build_generator("tiny")


def count_convolution_weights(model):
    return sum(int(np.prod(w.shape)) for w in model.weights if len(w.shape) == 4)


def make_images(rng, *shape):
    return rng.uniform(0, 255, shape).astype("float32")


@pytest.mark.parametrize(
    ("name", "count"), [("johnson", 1_674_432), ("fast", 419_904), ("tiny", 69_984)]
)
def test_has_the_documented_number_of_convolution_weights(name, count):
    assert count_convolution_weights(build_generator(name)) == count


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (3, 50), (17, 64)])
def test_output_has_the_size_and_range_of_the_input(any_generator, rng, size):
    images = make_images(rng, 2, *size, 3)

    stylized = np.asarray(any_generator(images))

    assert stylized.shape == images.shape
    assert stylized.dtype == np.float32
    assert stylized.min() >= 0
    assert stylized.max() <= 255


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (3, 500), (338, 640)])
def test_any_size_in_one_graph(tiny, rng, size):
    spec = tf.TensorSpec((None, None, None, 3))
    run = tf.function(lambda images: tiny(images), input_signature=[spec])
    images = make_images(rng, 1, *size, 3)

    np.testing.assert_allclose(run(images), tiny(images), atol=1e-2)


def test_a_picture_is_stylized_the_same_alone_and_in_a_batch(any_generator, rng):
    images = make_images(rng, 3, 20, 30, 3)

    together = np.asarray(any_generator(images))
    alone = np.asarray(any_generator(images[1:2]))

    np.testing.assert_allclose(together[1:2], alone, atol=1e-2)


def test_refuses_an_unknown_name():
    with pytest.raises(ValueError, match="one of johnson, fast, tiny"):
        build_generator("large")


class TestSaving:
    @pytest.mark.parametrize("name", ["fast", "tiny"])
    def test_a_file_from_before_noise_is_read(self, name, rng, tmp_path):
        old = dataclasses.replace(ARCHITECTURES[name], has_skip=False, noise_channels=0)
        old = build_generator(name, architecture=old)
        old.save(tmp_path / "style.keras")
        images = make_images(rng, 1, 18, 21, 3)

        loaded = load_generator(tmp_path / "style.keras")

        np.testing.assert_array_equal(loaded(images), old(images))

    def test_an_architecture_of_ones_own_is_read(self, rng, tmp_path):
        own = dataclasses.replace(
            ARCHITECTURES["tiny"], num_residual_blocks=1, noise_channels=3
        )
        model = build_generator("own", architecture=own)
        save_generator(model, tmp_path / "style.keras", weights_dtype="float16")
        images = make_images(rng, 1, 18, 21, 3)

        loaded = load_generator(tmp_path / "style.keras")

        assert loaded.architecture == own
        np.testing.assert_allclose(loaded(images), model(images), atol=2)

    def test_round_trip(self, tiny, rng, tmp_path):
        images = make_images(rng, 1, 18, 21, 3)
        save_generator(tiny, tmp_path / "deeper" / "style.keras")

        loaded = load_generator(tmp_path / "deeper" / "style.keras")

        np.testing.assert_array_equal(loaded(images), tiny(images))
        assert [p.name for p in (tmp_path / "deeper").iterdir()] == ["style.keras"]

    def test_sixteen_bit_weights_halve_the_file_and_hardly_change_it(
        self, tiny, rng, tmp_path
    ):
        images = make_images(rng, 1, 32, 32, 3)
        save_generator(tiny, tmp_path / "whole.keras")
        save_generator(tiny, tmp_path / "half.keras", weights_dtype="float16")

        loaded = load_generator(tmp_path / "half.keras")

        half = (tmp_path / "half.keras").stat().st_size
        assert half < 0.6 * (tmp_path / "whole.keras").stat().st_size
        assert {w.dtype for w in loaded.weights} == {"float32"}
        np.testing.assert_allclose(loaded(images), tiny(images), atol=2)

    def test_the_file_holds_the_generator_and_nothing_else(self, tiny, tmp_path):
        save_generator(tiny, tmp_path / "style.keras")

        with zipfile.ZipFile(tmp_path / "style.keras") as archive:
            weights = io.BytesIO(archive.read("model.weights.h5"))
        sizes = []
        with h5py.File(weights) as file:
            file.visititems(
                lambda _, item: (
                    sizes.append(item.size) if isinstance(item, h5py.Dataset) else None
                )
            )
        assert sum(sizes) == tiny.count_params()

    def test_a_mixed_precision_generator_is_saved_in_float32(self, rng, tmp_path):
        mixed = build_generator("tiny", dtype="mixed_bfloat16")
        save_generator(mixed, tmp_path / "style.keras")

        loaded = load_generator(tmp_path / "style.keras")

        policies = {layer.dtype_policy.name for layer in loaded.layers}
        assert policies == {"float32"}
        for old, new in zip(mixed.get_weights(), loaded.get_weights(), strict=True):
            np.testing.assert_array_equal(old, new)

    def test_a_failed_save_leaves_the_old_file_alone(self, tiny, tmp_path, monkeypatch):
        path = tmp_path / "style.keras"
        path.write_text("the old style")

        def fill_the_disk(*args):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(generator, "_cast_saved_weights", fill_the_disk)
        with pytest.raises(OSError, match="No space left"):
            save_generator(tiny, path, weights_dtype="float16")

        assert path.read_text() == "the old style"
        assert list(tmp_path.iterdir()) == [path]

    @pytest.mark.parametrize("text", ["[]", "{", '{"depth": 3}', '{"down": 5}'])
    def test_refuses_an_architecture_that_is_none(self, tiny, tmp_path, text):
        tiny.save(tmp_path / "style.keras")
        with zipfile.ZipFile(tmp_path / "style.keras", "a") as archive:
            archive.writestr("architecture.json", text)

        with pytest.raises(ValueError, match=r"Expected a `\.keras` file"):
            load_generator(tmp_path / "style.keras")

    def test_refuses_another_network(self, tmp_path):
        inputs = keras.Input((2,))
        other = keras.Model(inputs, keras.layers.Dense(1)(inputs))
        other.save(tmp_path / "other.keras")

        with pytest.raises(ValueError, match=r"Expected a `\.keras` file"):
            load_generator(tmp_path / "other.keras")

    def test_refuses_a_foreign_file(self, tmp_path):
        (tmp_path / "style.keras").write_text("not a zip")

        with pytest.raises(ValueError, match=r"Expected a `\.keras` file"):
            load_generator(tmp_path / "style.keras")

    def test_says_when_there_is_no_file(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="No such file"):
            load_generator(tmp_path / "style.keras")
