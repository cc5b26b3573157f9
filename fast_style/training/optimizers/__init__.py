"""The optimizers: one per file, listed in `registry.py`."""

from fast_style import lazy

__getattr__, __dir__, __all__ = lazy.attach(
    __name__,
    {
        "make_optimizer": "making",
        "OPTIMIZERS": "registry",
        "Adam": "adam",
        "Muon": "muon",
    },
)
