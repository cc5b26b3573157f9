"""Feed-forward style transfer: train a style, stylize any picture, export it.

Names are loaded when first used, so that `import fast_style` is quick.
"""

import importlib

__version__ = "0.1.0"

_HOMES = {
    "LossConfig": "config",
    "TrainConfig": "config",
    "build_generator": "generator",
    "PerceptualLoss": "perceptual_loss",
    "make_perceptual_loss": "perceptual_loss",
    "optimize": "optimization",
    "evaluate": "evaluation",
    "train": "training",
    "list_styles": "styles",
    "export_style": "exporting",
    "Stylizer": "inference",
    "load_style": "inference",
    "stylize": "inference",
}

__all__ = ["__version__", *_HOMES]


def __getattr__(name):
    if name not in _HOMES:
        raise AttributeError(f"module 'fast_style' has no attribute {name!r}")
    module = importlib.import_module(f"fast_style.{_HOMES[name]}")
    return getattr(module, name)


def __dir__():
    return sorted({*globals(), *__all__})
