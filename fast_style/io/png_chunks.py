"""PNG files without the notes in them that are too large for Pillow.

Pillow refuses a whole file for a profile or a text of more than a megabyte, which other
programs write and read. What a PNG consists of: https://www.w3.org/TR/png-3/#5Chunk-layout
"""

import io
import os
import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
# Pillow's own limit for what is compressed: PngImagePlugin.MAX_TEXT_CHUNK.
LARGEST_NOTE = 2**20
_LARGEST_TEXTS = 2**24  # All of them; Pillow refuses 64 MB.
LARGEST_PROFILE = 2**24  # A JPEG can hold no larger one, either.


def leave_out_large_notes(source) -> tuple[io.BytesIO | None, bytes | None]:
    """Returns a PNG without the notes for which Pillow would refuse it.

    Args:
        source: Path, or an open file, which is read from its begin and put back there.

    Returns:
        The file in memory, and the colour profile that was left out of it, if it has at
        most `LARGEST_PROFILE` bytes; None for what is not needed.
    """
    if not hasattr(source, "read"):
        if not os.path.isfile(source):
            return None, None
        with open(source, "rb") as file:
            return leave_out_large_notes(file)
    try:
        source.seek(0)
    except (AttributeError, OSError):  # A pipe.
        return None, None
    smaller = profile = None
    if source.read(len(_SIGNATURE)) == _SIGNATURE:
        oversized, profile = _find_oversized(source)
        source.seek(0)
        smaller = _copy_without(source, oversized) if oversized else None
    source.seek(0)
    return smaller, profile


def _find_oversized(file):
    """Returns where the oversized chunks begin and end, and what profile is in them."""
    oversized, profile, num_text_bytes = [], None, 0
    while len(head := file.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        begin = file.tell() - 8
        end = begin + length + 12
        if kind == b"iCCP":
            data = _decompress(file.read(length).partition(b"\0")[2][1:])
            if len(data) > LARGEST_NOTE:
                oversized.append((begin, end))
                profile = data if len(data) <= LARGEST_PROFILE else None
        elif kind in _TEXTS:
            size = _measure_text(kind, file.read(length))
            num_text_bytes += size
            if size > LARGEST_NOTE or num_text_bytes > _LARGEST_TEXTS:
                oversized.append((begin, end))
        file.seek(end)
    return oversized, profile


def _measure_text(kind, data):
    """Returns how many bytes a text has, decompressed, up to a limit."""
    value = data.partition(b"\0")[2]
    if kind == b"zTXt":
        return len(_decompress(value[1:]))
    if kind == b"iTXt" and value[:1] not in (b"", b"\0"):
        return len(_decompress(value[2:].split(b"\0", 2)[-1]))
    return len(data)


def _decompress(data):
    try:
        return zlib.decompressobj().decompress(data, LARGEST_PROFILE + 1)
    except zlib.error:
        return b""  # Pillow passes it over.


def _copy_without(file, spans):
    copy = io.BytesIO()
    for start, end in spans:
        copy.write(file.read(start - file.tell()))
        file.seek(end)
    copy.write(file.read())
    copy.seek(0)
    return copy
