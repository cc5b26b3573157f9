"""HEIC, the pictures of phones, and AVIF: what Pillow needs to read them."""

import functools

from PIL import features

from fast_style.io.extras import is_installed
from fast_style.io.extras import name_command

PACKAGE = "pillow_heif"


@functools.cache
def register_heif() -> bool:
    """Teaches Pillow to read and write HEIC, if pillow-heif is installed.

    Returns:
        Whether it is.
    """
    if not is_installed(PACKAGE):
        return False
    import pillow_heif

    pillow_heif.register_heif_opener()
    return True


def explain_missing(kind: str) -> str | None:
    """Returns what a kind of picture needs that is not installed, or None.

    Args:
        kind: `"HEIC"` or `"AVIF"`.

    Returns:
        A text such as "pillow-heif. Install it with: pip install ...".
    """
    if kind == "HEIC" and not is_installed(PACKAGE):
        return f"pillow-heif. Install it with: {name_command(PACKAGE)}"
    if kind == "AVIF" and not features.check("avif"):
        return 'a newer Pillow. Install it with: pip install --upgrade "pillow>=12.0"'
    return None
