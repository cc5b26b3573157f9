"""The generator: layers, architectures, files, and the catalog of bundled styles."""

from fast_style import lazy

__getattr__, __dir__, __all__ = lazy.attach(
    __name__,
    {
        "ARCHITECTURES": "architectures",
        "Architecture": "architectures",
        "build_generator": "generator",
        "load_generator": "saving",
        "save_generator": "saving",
        "find_config": "catalog",
        "find_style": "catalog",
        "list_styles": "catalog",
        "name_style": "catalog",
    },
)
