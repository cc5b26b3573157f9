"""Trains a generator for a style; a stopped training can be resumed."""

from fast_style import lazy

__getattr__, __dir__, __all__ = lazy.attach(
    __name__,
    {
        "train": "run",
        "make_trainer": "making",
        "StyleTrainer": "trainer",
        "Run": "runs",
        "list_runs": "runs",
        "write_run_page": "run_page",
        "distill": "distillation",
    },
)
