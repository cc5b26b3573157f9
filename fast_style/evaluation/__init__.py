"""Measures a style on photos that it was not trained on."""

from fast_style import lazy

__getattr__, __dir__, __all__ = lazy.attach(
    __name__,
    {
        "evaluate": "evaluation",
    },
)
