"""Styles that were converted for an engine, kept between processes."""

import hashlib
import importlib.metadata
import os
import pathlib

from absl import logging

from fast_style.io.files import expand_home
from fast_style.io.files import replacing
from fast_style.models.style_files import TrainedStyle

# Of all files together; the ones that were used last stay.
_MAX_BYTES = 500 * 2**20
_DIGEST_BYTES = 32


def find_cache_folder() -> pathlib.Path | None:
    """Returns the folder of converted styles, which need not exist.

    It is `$FAST_STYLE_CACHE`, or `fast_style` in `$XDG_CACHE_HOME` or `~/.cache`, and
    may be deleted at any time. None: there is no such place, as the user has no home.
    """
    if os.environ.get("FAST_STYLE_CACHE"):
        return pathlib.Path(expand_home(os.environ["FAST_STYLE_CACHE"]))
    above = expand_home(os.environ.get("XDG_CACHE_HOME") or "~/.cache")
    return None if above.startswith("~") else pathlib.Path(above, "fast_style")


def convert_once(
    style: TrainedStyle, convert, *, kind: str, packages: tuple[str, ...]
) -> bytes:
    """Returns a converted file, from the cache if it has been converted before.

    Known by the numbers of the style, the code that converts, and versions of packages.
    A file that is damaged is converted anew. If the cache cannot be written, or there
    is no place for it, it is converted each time, and the log says so.

    Args:
        style: What is converted.
        convert: A function without arguments that returns the bytes of the result.
        kind: What it is converted to; the end of the file's name.
        packages: On whose versions the result depends.
    """
    folder = find_cache_folder()
    cached = folder and folder / f"{_make_key(style, packages)}.{kind}"
    if cached and (converted := _read(cached)) is not None:
        return converted
    logging.info("Converting %s to %s, once.", style.name, kind)
    converted = convert()
    if cached:
        _keep(converted, cached)
    else:
        logging.warning(
            "The converted style could not be kept: this user has no home. "
            "FAST_STYLE_CACHE may name a folder."
        )
    return converted


def _read(cached):
    """Returns what `_keep` wrote; None: there is no such file, or it is damaged."""
    try:
        content = cached.read_bytes()
        os.utime(cached)
    except OSError:
        return None
    converted, digest = content[:-_DIGEST_BYTES], content[-_DIGEST_BYTES:]
    if hashlib.sha256(converted).digest() == digest:
        return converted
    logging.warning("%s is damaged, and is converted anew.", cached)
    return None


def _keep(converted, cached):
    try:
        cached.parent.mkdir(parents=True, exist_ok=True)
        with replacing(cached) as temporary:
            temporary.write_bytes(converted + hashlib.sha256(converted).digest())
        _remove_oldest(cached)
    except OSError as error:
        logging.warning("The converted style could not be kept: %s", error)


def _make_key(style, packages):
    digest = hashlib.sha256(repr(style.architecture).encode())
    for array in style.weights.values():
        digest.update(array.tobytes())
    for source in sorted(pathlib.Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    for package in packages:
        digest.update(f"{package} {_read_version(package)}\n".encode())
    return digest.hexdigest()[:32]


def _read_version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:  # As tensorflow-cpu.
        return ""


def _remove_oldest(newest):
    # Other packages have folders there (`package_homes.py`).
    paths = [path for path in newest.parent.iterdir() if path.is_file()]
    files = [(p.stat().st_mtime, p.stat().st_size, p) for p in paths]
    total = sum(size for _, size, _ in files)
    for _, size, path in sorted(files):
        if total <= _MAX_BYTES:
            return
        if path != newest:
            path.unlink(missing_ok=True)
            total -= size
