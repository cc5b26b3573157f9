"""Where the packages that TensorFlow imports keep their own files."""

import os
import pathlib
import sys

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
    cache = find_cache_folder()
    if cache is None:
        return
    for module, variable, folders in _HOMES:
        is_settled = module in sys.modules or variable in os.environ
        if not is_settled and not any(_find(*each).exists() for each in folders):
            os.environ[variable] = os.fspath(cache / module)


def _find(variable, folder):
    if variable and os.environ.get(variable):
        return pathlib.Path(os.environ[variable], pathlib.Path(folder).name)
    return pathlib.Path(os.path.expanduser("~"), folder)
