"""The slow method: the picture itself is optimized."""

from fast_style import lazy

__getattr__, __dir__, __all__ = lazy.attach(
    __name__,
    {
        "OptimizationResult": "optimization",
        "make_config": "optimization",
        "optimize": "optimization",
        "PRESETS": "presets",
        "minimize": "solvers",
        "make_value_and_grad": "solvers",
    },
)
