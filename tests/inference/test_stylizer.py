import concurrent.futures
import io
import pickle

import keras
import numpy as np
from PIL import Image
import pytest

import fast_style
from fast_style.inference import stylizing
from fast_style.inference import tensorflow_graph
from fast_style.inference.loaded import LoadedStyle
from fast_style.inference.stylizer import load_style
from fast_style.inference.stylizer import Stylizer
from fast_style.inference.stylizing import stylize
from fast_style.io.arrays import to_uint8
from fast_style.models.generator import build_generator
from fast_style.models.saving import load_generator


@pytest.fixture(scope="module")
def stylizer(trained_run):
    return load_style(trained_run)


@pytest.fixture(scope="module")
def expect(trained_run):
    """What Keras itself makes of a batch of RGB in [0, 255]."""
    generator = load_generator(trained_run / "style.keras")
    return lambda images: np.asarray(generator(np.asarray(images, "float32")))


def assert_same_picture(actual, expected):
    assert actual.dtype == np.uint8
    difference = np.abs(actual.astype(int) - to_uint8(expected).astype(int))
    assert difference.max() <= 1


class TestArrays:
    def test_a_picture_and_a_batch(self, stylizer, expect, rng):
        batch = rng.integers(0, 256, (2, 9, 14, 3), "uint8")

        assert_same_picture(stylizer(batch), expect(batch))
        assert_same_picture(stylizer(batch[0]), expect(batch[:1])[0])

    def test_float_stays_float(self, stylizer, expect, rng):
        image = rng.uniform(0, 255, (9, 14, 3)).astype("float64")

        stylized = stylizer(image)

        assert stylized.dtype == np.float64
        np.testing.assert_allclose(stylized, expect(image[None])[0], atol=1e-2)

    def test_sixteen_bits_stay_sixteen_bits(self, stylizer, expect, rng):
        image = rng.integers(0, 256, (9, 14, 3), "uint16") * 257

        stylized = stylizer(image)

        assert stylized.dtype == np.uint16
        expected = expect(image[None] / 257)[0] * 257
        np.testing.assert_allclose(stylized, expected, atol=5)

    def test_grey_becomes_colour(self, stylizer, expect, rng):
        image = rng.integers(0, 256, (9, 14), "uint8")
        colour = np.stack([image] * 3, axis=-1)

        assert_same_picture(stylizer(image), expect(colour[None])[0])
        assert_same_picture(stylizer(image[..., None]), expect(colour[None])[0])

    def test_transparency_is_kept_and_what_it_hides_does_not_matter(
        self, stylizer, rng
    ):
        image = rng.integers(0, 256, (2, 9, 14, 4), "uint8")
        image[:, :4, :, 3] = 0
        other = image.copy()
        other[:, :4, :, :3] = 7

        stylized = stylizer(image)

        np.testing.assert_array_equal(stylized[..., 3], image[..., 3])
        np.testing.assert_array_equal(stylized, stylizer(other))

    @pytest.mark.parametrize("size", [(1, 1), (1, 7), (3, 500), (338, 641)])
    def test_the_size_is_exactly_kept(self, stylizer, rng, size):
        image = rng.integers(0, 256, (*size, 3), "uint8")

        assert stylizer(image).shape == (*size, 3)

    def test_another_shape_is_an_error(self, stylizer):
        with pytest.raises(ValueError, match="`image` must be an array"):
            stylizer(np.zeros((4, 5, 2), "uint8"))

    def test_it_is_traced_once_for_all_sizes(self, rng, monkeypatch):
        calls = []
        paint = tensorflow_graph.paint
        monkeypatch.setattr(
            tensorflow_graph, "paint", lambda *args: (calls.append(1), paint(*args))[1]
        )
        stylizer = load_style(build_generator("tiny"))

        for size in ((8, 8), (9, 30), (20, 4)):
            stylizer(rng.integers(0, 256, (*size, 3), "uint8"))
            stylizer(rng.integers(0, 256, (2, *size, 3), "uint8"))

        assert len(calls) == 1

    def test_another_model_is_no_style(self):
        inputs = keras.Input((None, None, 3))

        with pytest.raises(ValueError, match="a generator of `build_generator`"):
            load_style(keras.Model(inputs, inputs, name="mine"))


class TestPictures:
    def test_path_bytes_and_picture(self, stylizer, expect, photo_path):
        with Image.open(photo_path) as photo:
            small = photo.resize((60, 40))
        stream = io.BytesIO()
        small.save(stream, "PNG")
        expected = expect(np.asarray(small)[None])[0]

        for source in (small, stream.getvalue()):
            stylized = stylizer(source)
            assert stylized.size == (60, 40)
            assert_same_picture(np.asarray(stylized), expected)
        assert stylizer(photo_path).size == (600, 400)
        assert stylizer(str(photo_path)).mode == "RGB"

    def test_exif_orientation_is_applied(self, stylizer, tmp_path):
        picture = Image.new("RGB", (40, 20))
        exif = picture.getexif()
        exif[0x0112] = 6
        picture.save(tmp_path / "turned.jpg", exif=exif)

        assert stylizer(tmp_path / "turned.jpg").size == (20, 40)

    @pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1", "I;16", "YCbCr"])
    def test_every_colour_mode_gives_rgb(self, stylizer, mode):
        assert stylizer(Image.new(mode, (12, 8))).mode == "RGB"

    @pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
    def test_transparency_is_kept(self, stylizer, mode):
        picture = Image.new("RGBA", (12, 8), (200, 100, 50)).convert(mode)
        picture.putalpha(77)

        stylized = stylizer(picture)

        assert stylized.mode == "RGBA"
        assert stylized.getchannel("A").getextrema() == (77, 77)

    def test_a_damaged_file_is_an_error(self, stylizer, photo_path, tmp_path):
        (tmp_path / "short.png").write_bytes(photo_path.read_bytes()[:5000])

        with pytest.raises(ValueError, match=r"short\.png.* damaged or cut short"):
            stylizer(tmp_path / "short.png")


class TestStyles:
    def test_all_kinds_give_the_same_picture(self, trained_run, exported_run, rng):
        image = rng.integers(0, 256, (9, 14, 3), "uint8")
        first = stylize(image, style=trained_run)

        for style in (
            trained_run / "style.keras",
            str(exported_run.path),
            load_generator(trained_run / "style.keras"),
            load_style(trained_run),
        ):
            stylized = stylize(image, style=style)
            assert_same_picture(stylized, first)

    def test_a_saved_model_takes_floats_and_batches_too(
        self, trained_run, exported_run, rng
    ):
        images = rng.integers(0, 256, (2, 9, 14, 3)).astype("float32")

        stylized = stylize(images, style=exported_run.path)

        expected = stylize(images, style=trained_run)
        assert stylized.dtype == np.float32
        # The SavedModel itself answers in whole levels.
        np.testing.assert_allclose(stylized, expected, atol=0.52)

    def test_a_foreign_saved_model_is_refused(self, tmp_path):
        import tensorflow as tf

        module = tf.Module()
        module.double = tf.function(
            lambda x: 2 * x, input_signature=[tf.TensorSpec((), tf.float32)]
        )
        tf.saved_model.save(module, str(tmp_path / "other"))

        with pytest.raises(ValueError, match="a file that fast_style exported"):
            load_style(tmp_path / "other")

    def test_bundled_styles_work_by_name_and_are_loaded_once(self, rng):
        image = rng.integers(0, 256, (40, 30, 3), "uint8")
        fast_style.stylize(image, style="starry_night")
        misses = stylizing._load_once.cache_info().misses

        stylized = fast_style.stylize(image, style="starry_night")

        assert stylized.shape == image.shape
        assert stylizing._load_once.cache_info().misses == misses

    @pytest.mark.slow
    def test_a_style_trained_anew_is_loaded_anew(self, rng, tmp_path):
        from fast_style.models.saving import save_generator

        image = rng.integers(0, 256, (9, 14, 3), "uint8")
        save_generator(build_generator("tiny"), tmp_path / "style.keras")
        before = stylize(image, style=tmp_path)
        save_generator(build_generator("tiny"), tmp_path / "style.keras")

        after = stylize(image, style=tmp_path)

        assert np.abs(before.astype(int) - after.astype(int)).max() > 0


class TestAdjustments:
    def test_of_arrays_of_every_depth(self, rng):
        stylizer = Stylizer(LoadedStyle(function=lambda images: 255 - images))
        image = rng.integers(0, 256, (4, 5, 3), "uint8")

        half = stylizer(image, strength=0.5)
        deep = stylizer(image.astype("uint16") * 257, strength=0.0)

        assert np.abs(half.astype(int) - 127.5).max() <= 0.5
        np.testing.assert_array_equal(deep, image.astype("uint16") * 257)

    def test_transparency_stays(self, rng):
        stylizer = Stylizer(LoadedStyle(function=lambda images: 255 - images))
        picture = Image.fromarray(rng.integers(0, 256, (4, 5, 4), "uint8"))

        stylized = stylizer(picture, strength=0.5, preserve_color=True)

        assert stylized.mode == "RGBA"
        np.testing.assert_array_equal(stylized.getchannel(3), picture.getchannel(3))

    def test_stylize_hands_them_on(self, rng):
        image = rng.integers(0, 256, (4, 5, 3), "uint8")
        stylizer = Stylizer(LoadedStyle(function=lambda images: 255 - images))

        unchanged = stylize(image, stylizer, strength=0.0)

        np.testing.assert_array_equal(unchanged, image)


class TestPickling:
    @pytest.mark.parametrize("kind", ["workdir", "file", "model", "bundled"])
    def test_gives_the_same_pictures(self, trained_run, rng, kind):
        style = {
            "workdir": trained_run,
            "file": trained_run / "style.keras",
            "model": load_generator(trained_run / "style.keras"),
            "bundled": "starry_night",
        }[kind]
        image = rng.integers(0, 256, (20, 30, 3), "uint8")
        stylizer = load_style(style)

        other = pickle.loads(pickle.dumps(stylizer))

        np.testing.assert_array_equal(other(image), stylizer(image))

    def test_a_path_is_found_from_another_folder(
        self, trained_run, tmp_path, monkeypatch
    ):
        monkeypatch.chdir(trained_run.parent)
        data = pickle.dumps(load_style(trained_run.name))
        monkeypatch.chdir(tmp_path)

        assert pickle.loads(data)(np.zeros((8, 8, 3), "uint8")).shape == (8, 8, 3)

    def test_one_of_a_function_stays_where_it_is(self):
        with pytest.raises(TypeError, match="that `load_style` made"):
            pickle.dumps(Stylizer(LoadedStyle(function=lambda images: images)))


def test_many_threads_get_their_own_pictures(stylizer, expect, rng):
    images = [rng.integers(0, 256, (8 + n, 30 - n, 3), "uint8") for n in range(12)]

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        results = list(pool.map(stylizer, images * 3))

    for image, stylized in zip(images * 3, results, strict=True):
        assert_same_picture(stylized, expect(image[None])[0])
