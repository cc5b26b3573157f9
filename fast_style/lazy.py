"""Packages whose names are loaded when they are first used.

So `import fast_style` is quick, and a wing that needs TensorFlow or an extra asks for
it only when that part of it is used.
"""

import importlib


def attach(package: str, homes: dict[str, str]):
    """Makes what a lazy `__init__.py` defines.

    Args:
        package: Its `__name__`.
        homes: Dict from each public name to the module that defines it, relative to
            the package.

    Returns:
        `__getattr__`, `__dir__` and `__all__`.
    """

    def load(name):
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = importlib.import_module(f"{package}.{homes[name]}")
        return getattr(module, name)

    return load, lambda: sorted(homes), list(homes)
