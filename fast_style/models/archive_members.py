"""Members of zip archives, such as `.keras` files, of a size that is believed."""

import zipfile

LARGEST_TEXT = 2**24
_LARGEST_EXPANSION = 100  # By a zip archive; what Keras allows, too.


def read_member(
    archive: zipfile.ZipFile, name: str, largest: int | None = None
) -> bytes:
    """Reads a member of an archive.

    Args:
        archive: Opened.
        name: Of the member.
        largest: Bytes that it may have; None: as many as its compressed size allows.

    Raises:
        KeyError: If there is none of this name.
        ValueError: If it declares more bytes.
    """
    info = archive.getinfo(name)
    largest = largest or LARGEST_TEXT + _LARGEST_EXPANSION * info.compress_size
    if info.file_size > largest:
        raise ValueError(f"{name} declares {info.file_size} bytes")
    return archive.read(info)
