"""File formats of a style: a file for each, and `registry.py`, which lists them."""

from fast_style import lazy

__getattr__, __dir__, __all__ = lazy.attach(
    __name__,
    {
        "FORMATS": "registry",
        "name_format": "registry",
    },
)
