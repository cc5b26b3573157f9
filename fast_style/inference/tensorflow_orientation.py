"""Turns pictures upright in a graph of TensorFlow, which decodes without their EXIF.

The orientation is looked for in JPEG and PNG files. What is damaged there is no reason
to lose a picture: it stays as it is stored.
"""

import tensorflow as tf

_EXIF = b"Exif\0\0"
_JPEG, _APP1, _SCAN, _MARKER = b"\xff\xd8", 0xE1, 0xDA, 0xFF
_PNG, _PNG_CHUNK = b"\x89PNG\r\n\x1a\n", b"eXIf"
_TAG, _SHORT, _ENTRY_BYTES = 0x0112, 3, 12
_MOST_ENTRIES = 512


def turn_upright(image, encoded):
    """Turns a picture as its file says.

    Args:
        image: Decoded, `(H, W, C)`.
        encoded: The file, a string.

    Returns:
        The image, `(H, W, C)` or `(W, H, C)`.
    """
    orientation = read_orientation(encoded)

    def apply(numbers, change, image):
        is_one = tf.reduce_any(orientation == tf.constant(numbers))
        return tf.cond(is_one, lambda: change(image), lambda: image)

    shape = (None, None, image.shape[-1])
    image = tf.ensure_shape(image, shape)
    image = apply((5, 6, 7, 8), lambda x: tf.transpose(x, (1, 0, 2)), image)
    image = apply((3, 4, 7, 8), lambda x: tf.reverse(x, (0,)), image)
    image = apply((2, 3, 6, 7), lambda x: tf.reverse(x, (1,)), image)
    return tf.ensure_shape(image, shape)


def read_orientation(encoded):
    """Reads how a picture is to be turned.

    Args:
        encoded: A file, a string.

    Returns:
        1 to 8, as EXIF counts; 1, as it is, where nothing else is said.
    """
    data = _File(encoded)
    is_jpeg, is_png = data.has_text(0, _JPEG), data.has_text(0, _PNG)
    place = tf.case(
        [(is_jpeg, lambda: _find_in_jpeg(data)), (is_png, lambda: _find_in_png(data))],
        default=lambda: tf.constant(0),
    )
    return tf.cond(place > 0, lambda: _read_tag(data, place), lambda: tf.constant(1))


class _File:
    """Numbers of a file; beyond its end there are zeros."""

    def __init__(self, encoded):
        self.bytes = tf.cast(tf.io.decode_raw(encoded, tf.uint8), tf.int32)
        self.size = tf.size(self.bytes)

    def read(self, places):
        """Returns bytes as numbers."""
        inside = (places >= 0) & (places < self.size)
        places = tf.where(inside, places, 0)
        # So that an empty file has a byte to be read and thrown away.
        return tf.where(inside, tf.gather(tf.pad(self.bytes, [[0, 1]]), places), 0)

    def read_number(self, place, num_bytes, is_little=False):
        """Returns a number without a sign, of up to four bytes, below 2**31."""
        places = tf.expand_dims(place, -1) + tf.range(num_bytes)
        digits = self.read(places)
        digits = tf.where(is_little, tf.reverse(digits, (-1,)), digits)
        number = tf.zeros_like(place)
        for i in range(num_bytes):
            number = 256 * number + digits[..., i]
        return number

    def has_text(self, place, text):
        """Returns whether a text stands at a place."""
        found = self.read(place + tf.range(len(text)))
        return tf.reduce_all(found == tf.constant(list(text)))


def _find_in_jpeg(data):
    """Returns where the EXIF of a JPEG file begins; 0: there is none."""

    def is_before_scan(place, found):
        marker = data.read(place + 1)
        is_marker = (data.read(place) == _MARKER) & (marker != _SCAN)
        return is_marker & (found == 0) & (place < data.size)

    def look(place, found):
        is_exif = (data.read(place + 1) == _APP1) & data.has_text(place + 4, _EXIF)
        found = tf.where(is_exif, place + 4 + len(_EXIF), found)
        # A segment has two bytes of its own length; fill bytes have none.
        length = data.read_number(place + 2, 2)
        is_fill = data.read(place + 1) == _MARKER
        return place + tf.where(is_fill, 1, 2 + tf.maximum(length, 2)), found

    return tf.while_loop(is_before_scan, look, (tf.constant(2), tf.constant(0)))[1]


def _find_in_png(data):
    """Returns where the EXIF of a PNG file begins; 0: there is none."""

    def is_inside(place, found):
        return (place + 8 < data.size) & (found == 0)

    def look(place, found):
        length = data.read_number(place, 4)
        found = tf.where(data.has_text(place + 4, _PNG_CHUNK), place + 8, found)
        # A length that has lost its sign would never end.
        is_possible = (length >= 0) & (length < data.size)
        return place + 12 + tf.where(is_possible, length, data.size), found

    begin = (tf.constant(len(_PNG)), tf.constant(0))
    return tf.while_loop(is_inside, look, begin)[1]


def _read_tag(data, begin):
    is_little = data.has_text(begin, b"II")
    directory = begin + data.read_number(begin + 4, 4, is_little)
    number = data.read_number(directory, 2, is_little)
    number = tf.clip_by_value(number, 0, _MOST_ENTRIES)
    entries = directory + 2 + _ENTRY_BYTES * tf.range(number)
    tags = data.read_number(entries, 2, is_little)
    kinds = data.read_number(entries + 2, 2, is_little)
    values = data.read_number(entries + 8, 2, is_little)
    is_it = (tags == _TAG) & (kinds == _SHORT) & (values >= 1) & (values <= 8)
    return tf.cond(
        tf.reduce_any(is_it),
        lambda: tf.boolean_mask(values, is_it)[0],
        lambda: tf.constant(1),
    )
