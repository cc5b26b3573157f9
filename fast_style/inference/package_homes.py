"""Where the packages that TensorFlow imports keep their own files."""

import atexit
import contextlib
import os
import pathlib
import shutil
import sys
import tempfile

from fast_style.inference.conversions import find_cache_folder

# Module, environment variable that names its folder, and the folders which it otherwise
# makes, in the home or where the second variable says.
_HOMES = (
    ("keras", "KERAS_HOME", ((None, ".keras"),)),
    (
        "matplotlib",
        "MPLCONFIGDIR",
        (
            ("XDG_CONFIG_HOME", ".config/matplotlib"),
            ("XDG_CACHE_HOME", ".cache/matplotlib"),
            (None, ".matplotlib"),
        ),
    ),
)


def keep_in_cache() -> None:
    """Lets Keras and matplotlib write into our cache, unless they have folders.

    TensorFlow imports both, and each makes a folder in the home. Settings that a user
    has made stay in force. To be called before TensorFlow is imported.
    """
    place = None
    for module, variable, folders in _HOMES:
        is_settled = module in sys.modules or variable in os.environ
        if not is_settled and not any(_find(*each).exists() for each in folders):
            place = place or _find_place()
            os.environ[variable] = os.path.join(place, module)


def _find_place():
    """Returns our cache, or a temporary folder for a user without a home."""
    cache = find_cache_folder()
    if cache is not None:
        with contextlib.suppress(OSError):
            cache.mkdir(parents=True, exist_ok=True)
            if os.access(cache, os.W_OK):
                return cache
    # Else TensorFlow would make a folder `~` in the current one.
    folder = tempfile.mkdtemp(prefix="fast_style-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _find(variable, folder):
    if variable and os.environ.get(variable):
        return pathlib.Path(os.environ[variable], pathlib.Path(folder).name)
    return pathlib.Path(os.path.expanduser("~"), folder)
