"""Metrics of a stylized image that no loss was trained on.

`registry.py` lists them; docs/evaluation.md has their formulas.
"""

from fast_style import lazy

# The metrics themselves are not here: some are named like their file, which would
# take the function's place once it is imported.
__getattr__, __dir__, __all__ = lazy.attach(
    __name__,
    {
        "METRICS": "registry",
        "MetricSpec": "registry",
        "compute_metrics": "computing",
        "load_metric": "computing",
    },
)
