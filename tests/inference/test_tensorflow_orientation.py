import io

import numpy as np
from PIL import Image
from PIL import ImageOps
import pytest
import tensorflow as tf

from fast_style.inference.tensorflow_orientation import read_orientation
from fast_style.inference.tensorflow_orientation import turn_upright

_ORIENTATION = 0x0112
read = tf.function(
    read_orientation, input_signature=[tf.TensorSpec((), tf.string)], autograph=False
)


@pytest.fixture(scope="module")
def picture():
    rng = np.random.default_rng(0)
    return Image.fromarray(rng.integers(0, 256, (24, 40, 3), "uint8"))


def encode(picture, image_format="JPEG", *, orientation=None, order="<", **options):
    exif = Image.Exif()
    exif.endian = order
    exif[0x010F] = "a camera"  # Before and behind it there are others.
    exif[0x8298] = "nobody"
    if orientation is not None:
        exif[_ORIENTATION] = orientation
    stream = io.BytesIO()
    picture.save(stream, image_format, exif=exif, **options)
    return stream.getvalue()


@pytest.mark.parametrize("image_format", ["JPEG", "PNG"])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_pillow_turns_it(
    picture, image_format, order, orientation
):
    encoded = encode(
        picture, image_format, orientation=orientation, order=order, subsampling=0
    )

    image = tf.io.decode_image(encoded, channels=3, expand_animations=False)
    turned = turn_upright(image, tf.constant(encoded)).numpy()

    with Image.open(io.BytesIO(encoded)) as opened:
        expected = np.asarray(ImageOps.exif_transpose(opened))
    assert turned.shape == expected.shape
    # Of two JPEG decoders; turned otherwise it would be 85.
    assert np.abs(turned.astype(int) - expected.astype(int)).mean() < 3


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "BMP", "GIF"])
def test_where_nothing_is_said_it_stays(picture, image_format):
    stream = io.BytesIO()
    picture.save(stream, image_format)

    assert read(stream.getvalue()) == 1
    assert read(encode(picture, orientation=9)) == 1


def test_it_is_found_behind_other_segments(picture):
    encoded = encode(picture, orientation=6)
    xmp = b"\xff\xe1\x00\x20http://ns.adobe.com/xap/1.0/\0\0"
    fill = b"\xff\xff"  # Which may stand before any marker.

    assert len(xmp) == 2 + 0x20
    assert read(encoded[:2] + xmp + fill + encoded[2:]) == 6
    profile = encode(picture, orientation=6, icc_profile=bytes(200_000))
    assert read(profile) == 6


def test_pixels_that_look_like_it_are_not_looked_at(picture):
    without = io.BytesIO()
    picture.save(without, "JPEG")
    exif = encode(picture, orientation=6)
    end = without.getvalue() + exif[2:]

    assert read(end) == 1


def test_whatever_is_damaged_there_is_always_an_answer(picture):
    rng = np.random.default_rng(0)
    for image_format in ("JPEG", "PNG"):
        encoded = encode(picture, image_format, orientation=6)
        for length in (0, 1, 2, 5, 30, 60, 90):
            assert 1 <= read(encoded[:length]) <= 8
        for _ in range(100):
            damaged = bytearray(encoded)
            for place in rng.integers(0, 200, 5):
                damaged[place] = rng.integers(0, 256)
            assert 1 <= read(bytes(damaged)) <= 8
