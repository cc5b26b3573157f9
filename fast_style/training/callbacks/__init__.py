"""What a training does beside its steps: a file for each thing.

A training is one epoch of Keras, so that it has one progress bar and may stop and go
on between any two steps. The callbacks count its steps themselves.
"""

from fast_style import lazy

__getattr__, __dir__, __all__ = lazy.attach(
    __name__,
    {
        "make_callbacks": "making",
        "DivergenceGuard": "divergence_guard",
        "HistoryLog": "history_log",
        "Progress": "progress",
        "SampleSheets": "sample_sheets",
        "TensorBoardLog": "tensorboard_log",
        "Checkpoints": "checkpoints",
    },
)
