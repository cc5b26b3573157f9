"""Makes the callbacks of a training, in their order."""

from fast_style.config.train_config import TrainConfig
from fast_style.io.extras import is_installed
from fast_style.training import workdir as workdirs
from fast_style.training.callbacks.checkpoints import Checkpoints
from fast_style.training.callbacks.divergence_guard import DivergenceGuard
from fast_style.training.callbacks.history_log import HistoryLog
from fast_style.training.callbacks.progress import Progress
from fast_style.training.callbacks.sample_sheets import SampleSheets


def make_progress(config: TrainConfig, num_steps_done: int = 0) -> Progress:
    """Makes the progress display of a training, to be entered around `fit`."""
    return Progress(
        config.batch_size,
        every_steps=config.log_every_steps,
        num_steps=config.num_steps,
        num_steps_done=num_steps_done,
    )


def make_guard(config: TrainConfig, num_steps_done: int = 0) -> DivergenceGuard:
    """Makes the callback that ends `fit` when the training diverges."""
    return DivergenceGuard(
        config.divergence_threshold,
        num_steps=config.num_steps,
        num_steps_done=num_steps_done,
    )


def make_callbacks(
    config: TrainConfig, workdir, samples, num_steps_done: int = 0, stop_signal=None
):
    """Makes the callbacks that watch over a training and write into its workdir.

    Args:
        config: The training's config.
        workdir: Folder of the training, `pathlib.Path`.
        samples: Photos for the sample sheets, RGB `(H, W, 3)` in [0, 255].
        num_steps_done: Number of steps done before `fit`.
        stop_signal: A `StopSignal`, or None.

    Returns:
        Callbacks in the order in which they must come, without that for TensorBoard
        if tensorboard is not installed.
    """
    steps = {"num_steps": config.num_steps, "num_steps_done": num_steps_done}
    log_steps = {"every_steps": config.log_every_steps, **steps}
    sheets = workdir / workdirs.SAMPLE_FOLDER
    callbacks = [
        make_guard(config, num_steps_done),
        HistoryLog(workdir, **log_steps),
        SampleSheets(sheets, samples, every_steps=config.sample_every_steps, **steps),
    ]
    if is_installed("tensorboard"):
        from fast_style.training.callbacks.tensorboard_log import TensorBoardLog

        folder = workdir / workdirs.TENSORBOARD_FOLDER
        callbacks.append(TensorBoardLog(folder, sheets, **log_steps))
    checkpoints = Checkpoints(
        workdir / workdirs.CHECKPOINT_FOLDER,
        num_checkpoints=config.num_checkpoints,
        stop_signal=stop_signal,
        **log_steps,
    )
    return [*callbacks, checkpoints]
