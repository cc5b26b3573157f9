import io

import numpy as np
from PIL import Image
import pytest
import tensorflow as tf

from fast_style.io.arrays import to_uint8
from fast_style.models.saving import load_generator


@pytest.fixture(scope="module")
def signatures(exported_run):
    model = tf.saved_model.load(str(exported_run.path))
    yield model.signatures
    del model


def encode(pixels, image_format="PNG", mode=None):
    stream = io.BytesIO()
    picture = Image.fromarray(pixels)
    (picture.convert(mode) if mode else picture).save(stream, image_format)
    return stream.getvalue()


def decode(data):
    return np.asarray(Image.open(io.BytesIO(data)))


class TestServingDefault:
    @pytest.mark.parametrize(
        "shape", [(1, 1, 1, 3), (1, 1, 7, 3), (2, 3, 50, 3), (1, 338, 641, 3)]
    )
    def test_any_size_comes_out_as_from_keras(
        self, signatures, trained_run, rng, shape
    ):
        images = rng.integers(0, 256, shape, "uint8")
        generator = load_generator(trained_run / "style.keras")

        answer = signatures["serving_default"](image=tf.constant(images))

        assert set(answer) == {"stylized"}
        stylized = answer["stylized"].numpy()
        assert stylized.dtype == np.uint8
        expected = to_uint8(np.asarray(generator(images.astype("float32"))))
        difference = np.abs(stylized.astype(int) - expected.astype(int))
        assert difference.max() <= 1


class TestServeBytes:
    def test_pictures_of_several_sizes_and_formats(self, signatures, rng):
        pictures = [
            rng.integers(0, 256, (h, w, 3), "uint8") for h, w in [(9, 5), (4, 30)]
        ]
        files = [encode(pictures[0]), encode(pictures[1], "JPEG")]

        answer = signatures["serve_bytes"](image_bytes=tf.constant(files))

        results = [decode(data) for data in answer["stylized_bytes"].numpy()]
        assert [r.shape for r in results] == [(9, 5, 3), (4, 30, 3)]
        default = signatures["serving_default"](image=tf.constant(pictures[0][None]))
        np.testing.assert_array_equal(results[0], default["stylized"][0])

    def test_a_photo_of_a_phone_comes_upright(self, signatures, rng):
        picture = rng.integers(0, 256, (8, 12, 3), "uint8")
        exif = Image.Exif()
        exif[0x0112] = 6  # Turned by a quarter.
        stream = io.BytesIO()
        Image.fromarray(picture).save(stream, "PNG", exif=exif)
        upright = np.rot90(picture, -1)

        answer = signatures["serve_bytes"](image_bytes=tf.constant([stream.getvalue()]))

        default = signatures["serving_default"](image=tf.constant(upright[None]))
        result = decode(answer["stylized_bytes"].numpy()[0])
        np.testing.assert_array_equal(result, default["stylized"][0])

    @pytest.mark.parametrize("mode", ["L", "RGBA", "P"])
    def test_png_of_every_colour_mode(self, signatures, rng, mode):
        file = encode(rng.integers(0, 256, (8, 8, 3), "uint8"), mode=mode)

        answer = signatures["serve_bytes"](image_bytes=tf.constant([file]))

        assert decode(answer["stylized_bytes"].numpy()[0]).shape == (8, 8, 3)

    def test_a_damaged_picture_gives_nothing_and_the_others_are_not_lost(
        self, signatures, rng
    ):
        picture = rng.integers(0, 256, (9, 5, 3), "uint8")
        whole = encode(picture)
        files = [whole, b"not a picture", whole[:60], b"", encode(picture, "JPEG")]

        answer = signatures["serve_bytes"](image_bytes=tf.constant(files))

        results = list(answer["stylized_bytes"].numpy())
        assert results[1:4] == [b"", b"", b""]
        default = signatures["serving_default"](image=tf.constant(picture[None]))
        np.testing.assert_array_equal(decode(results[0]), default["stylized"][0])
        assert decode(results[4]).shape == (9, 5, 3)

    def test_sixteen_bits_are_rounded_to_eight(self, signatures):
        deep = np.full((8, 8), 257 * 100, "uint16")
        stream = io.BytesIO()
        Image.fromarray(deep).save(stream, "PNG")
        grey = np.full((8, 8, 3), 100, "uint8")

        answer = signatures["serve_bytes"](image_bytes=tf.constant([stream.getvalue()]))

        default = signatures["serving_default"](image=tf.constant(grey[None]))
        result = decode(answer["stylized_bytes"].numpy()[0])
        np.testing.assert_allclose(result, default["stylized"][0], atol=1)
