"""The command `fast-style`."""

from fast_style import lazy

__getattr__, __dir__, __all__ = lazy.attach(
    __name__,
    {
        "main": "app",
    },
)
