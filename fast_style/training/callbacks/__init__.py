"""The callbacks of a training, one per file.

To Keras a training is one epoch, so that it has one progress bar and can be stopped and
resumed between any two steps. The callbacks count the steps themselves.
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
