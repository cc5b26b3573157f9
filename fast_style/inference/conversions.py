"""Styles that were converted for an engine, kept between processes."""

import hashlib
import importlib.metadata
import os
import pathlib

from absl import logging

from fast_style.io.files import replacing
from fast_style.models.style_files import TrainedStyle

# Of all files together; the ones that were used last stay.
_MAX_BYTES = 500 * 2**20


def find_cache_folder() -> pathlib.Path:
    """Returns the folder of converted styles, which need not exist.

    It is `$FAST_STYLE_CACHE`, or `fast_style` in `$XDG_CACHE_HOME` or `~/.cache`, and
    may be deleted at any time.
    """
    if os.environ.get("FAST_STYLE_CACHE"):
        return pathlib.Path(os.environ["FAST_STYLE_CACHE"])
    above = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(above) / "fast_style"


def convert_once(
    style: TrainedStyle, convert, *, kind: str, packages: tuple[str, ...]
) -> bytes:
    """Returns a converted file, from the cache if it has been converted before.

    Known by the numbers of the style, the code that converts, and versions of packages.
    If the cache cannot be written, it is converted each time, and the log says so.

    Args:
        style: What is converted.
        convert: A function without arguments that returns the bytes of the result.
        kind: What it is converted to; the end of the file's name.
        packages: On whose versions the result depends.
    """
    cached = find_cache_folder() / f"{_make_key(style, packages)}.{kind}"
    try:
        converted = cached.read_bytes()
        os.utime(cached)
        return converted
    except OSError:
        logging.info("Converting %s to %s, once.", style.name, kind)
    converted = convert()
    try:
        cached.parent.mkdir(parents=True, exist_ok=True)
        with replacing(cached) as temporary:
            temporary.write_bytes(converted)
        _remove_oldest(cached)
    except OSError as error:
        logging.warning("The converted style could not be kept: %s", error)
    return converted


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
    files = [(p.stat().st_mtime, p.stat().st_size, p) for p in newest.parent.iterdir()]
    total = sum(size for _, size, _ in files)
    for _, size, path in sorted(files):
        if total <= _MAX_BYTES:
            return
        if path != newest:
            path.unlink(missing_ok=True)
            total -= size
