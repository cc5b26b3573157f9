"""The slow method: the picture itself is optimized, until its loss is low.

Gatys et al., 2016. A trained generator does in one pass what this does in minutes;
how near it comes is measured by the evaluation of a style.
"""

import dataclasses
import os
import signal

from absl import logging
import numpy as np
from PIL import Image

from fast_style.io.arrays import to_uint8
from fast_style.io.extras import check_installed
from fast_style.io.files import check_path
from fast_style.io.files import check_writable
from fast_style.io.history import write_history
from fast_style.io.images import load_resized
from fast_style.io.plots import plot_losses
from fast_style.io.saving import save_image
from fast_style.io.signals import StopSignal
from fast_style.iterative.presets import make_config
from fast_style.iterative.presets import PRESETS
from fast_style.iterative.solvers import minimize
from fast_style.iterative.tracker import find_step_image
from fast_style.iterative.tracker import Tracker
from fast_style.losses.making import make_perceptual_loss


@dataclasses.dataclass
class OptimizationResult:
    """The result of the slow method.

    Attributes:
        image: The picture with the lowest loss, `PIL.Image.Image`.
        losses: A dict for the start and each step: `step`, `loss`, its weighted
            terms by their names, `tv` last, and `seconds` since the beginning.
        signal_number: Of the signal that ended it early, `signal.SIGINT` (Ctrl-C) or
            `signal.SIGTERM`; 0 if none did.
    """

    image: Image.Image
    losses: list[dict[str, float]]
    signal_number: int = 0

    @property
    def is_interrupted(self) -> bool:
        """Whether a signal ended it early."""
        return self.signal_number != 0

    def save(self, path: str | os.PathLike) -> None:
        """Writes the picture, and beside it the losses as CSV and as a plot.

        Without matplotlib the plot is left out, which one line of the log tells.

        Args:
            path: Of the picture, such as `out.png`; `out_losses.csv` and
                `out_losses.png` lie next to it.

        Raises:
            ValueError: If `path` is empty, or its suffix names no picture format.
            OSError: If something cannot be written.
        """
        path = check_path("path", path)
        save_image(self.image, path)
        losses_path = path.with_name(f"{path.stem}_losses.csv")
        columns = tuple(self.losses[0])
        write_history(self.losses, losses_path, columns)
        try:
            check_installed("matplotlib", "The plot of the losses")
        except ImportError as error:
            logging.info("%s", error)
            return
        plot_losses(self.losses, losses_path.with_suffix(".png"), columns[1:-1])


def optimize(
    content,
    style,
    *,
    preset: str = "fast_style",
    start=None,
    style_image_weights: tuple[float, ...] = (),
    save_every: int = 0,
    folder: str | os.PathLike | None = None,
    is_verbose: bool = True,
    **options,
) -> OptimizationResult:
    """Stylizes one picture without any training, in minutes.

    Ctrl-C or SIGTERM ends it after its present step, with the best picture so far; a
    second one at once.

    Args:
        content: The photo: path, encoded bytes, `PIL.Image.Image`, or array
            `(H, W, 3)` of uint8 or floats in [0, 255].
        style: The painting, alike, or a list of several.
        preset: A name in `presets.PRESETS`.
        start: `"content"`, `"noise"`, or a picture, which is scaled to the
            size of the result. None: the preset's.
        style_image_weights: A number for each painting; empty: equal.
        save_every: The best picture so far is written after so many steps, as
            `step-00000050.png`. 0: never.
        folder: Where to; needed with `save_every`.
        is_verbose: Whether to show a progress bar with the losses, or lines of the
            log where there is no terminal.
        **options: Fields of `OptimizeConfig` that replace the preset's. A field of a
            single term has a name such as `terms.style.weight`.

    Returns:
        The picture and its losses.

    Raises:
        ValueError: If a value is impossible, or the loss-network weights lack
            a layer; the message names it.
        TypeError: If a field does not exist or has another type.
        FileNotFoundError: If a file does not exist.
        OSError: If `folder` cannot be written.
        ImportError: If scipy, which L-BFGS and noise need, is not installed.

    References:
        Gatys et al., 2016, Image Style Transfer Using Convolutional Neural
        Networks, CVPR. Bounds on the pixels as in Johnson et al., 2016,
        section 4.1.
    """
    config = make_config(preset, **options)
    start = PRESETS[preset].start if start is None else start
    _check_packages(config, start)
    folder = None if folder is None else check_path("folder", folder)
    _check_saving(save_every, folder)
    content_image = load_resized(content, config.image_size)
    _check_size(content_image, config)
    style_size = config.style_image_size or max(content_image.shape[:2])
    styles = style if isinstance(style, list | tuple) else [style]
    style_images = [load_resized(picture, style_size) for picture in styles]
    perceptual_loss = make_perceptual_loss(
        config, style_images, style_image_weights=style_image_weights, seed=config.seed
    )
    start_image = _make_start(start, content_image, config)
    with StopSignal() as stop_signal:
        num_shown = config.num_steps if is_verbose else 0
        tracker = Tracker(num_shown, save_every, folder, stop_signal)
        try:
            minimize(perceptual_loss, content_image, start_image, config, tracker)
        except KeyboardInterrupt:  # The second Ctrl-C, in the middle of a step.
            if tracker.image is None:
                raise
            stop_signal.number = stop_signal.number or signal.SIGINT
    image = Image.fromarray(to_uint8(tracker.image))
    return OptimizationResult(image, tracker.losses, stop_signal.number)


def _check_packages(config, start):
    if config.method == "lbfgs":
        check_installed("scipy", "`method='lbfgs'`")
    if _is_word(start, "noise"):
        check_installed("scipy", "`start='noise'`")


def _is_word(start, word):
    return isinstance(start, str) and start == word  # Arrays compare by element.


def _check_saving(save_every, folder):
    if (save_every > 0) != (folder is not None) or save_every < 0:
        raise ValueError(
            "`save_every` and `folder` go together: how often, and where to. "
            f"Received: save_every={save_every!r}, folder={folder!r}"
        )
    if folder is not None:
        check_writable("folder", find_step_image(folder, 0))


def _check_size(image, config):
    needed = config.smallest_side
    if min(image.shape[:2]) < needed:
        raise ValueError(
            f"`content` must be at least {needed} pixels wide and high for "
            f"{config.num_levels} pyramid levels with these layers. "
            f"Received: {image.shape[1]}x{image.shape[0]} pixels, with "
            f"image_size={config.image_size}"
        )


def _make_start(start, content_image, config):
    if _is_word(start, "content"):
        return content_image
    height, width = content_image.shape[:2]
    if _is_word(start, "noise"):
        import scipy.stats  # An extra, which other starts do without.

        noise = scipy.stats.truncnorm.rvs(
            -2,
            2,
            size=(height, width, 3),
            random_state=np.random.default_rng(config.seed),
        )
        noise = config.noise_mean + config.noise_deviation * noise
        return np.clip(noise, 0, 255).astype("float32")
    picture = Image.fromarray(to_uint8(load_resized(start, 0)))
    resized = picture.resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(resized, "float32")
