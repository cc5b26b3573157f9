"""Writes sample sheets: the same photos, stylized as the training goes on."""

import os
import pathlib

from absl import logging
import keras

from fast_style.io.contact_sheets import make_contact_sheet
from fast_style.io.saving import save_image
from fast_style.training.callbacks.step_callback import StepCallback
from fast_style.training.divergence import find_collapse


class SampleSheets(StepCallback):
    """Writes sheets of the same photos, each with its stylized image on the right.

    Warns if the stylized images have collapsed: all of one colour, or saturated.

    Args:
        folder: Folder that gets `step-00000500.png` and so on.
        photos: List of RGB images `(H, W, 3)` in [0, 255].
        **steps: As in `StepCallback`.
    """

    def __init__(self, folder, photos, **steps):
        super().__init__(**steps)
        self.folder = pathlib.Path(folder)
        self.photos = photos

    def on_step(self, step):
        rows = []
        for i, photo in enumerate(self.photos):
            rows.append([photo, self._stylize(photo, i)])
        height = max(photo.shape[0] for photo in self.photos)
        sheet = make_contact_sheet(rows, height=height)
        path = find_sheet(self.folder, step)
        save_image(sheet, path)
        if collapse := find_collapse([stylized for _, stylized in rows]):
            logging.warning(
                "After %d steps the stylized samples are %s: %s. Lower the learning "
                "rate or raise `content_weight` if this persists.",
                step,
                collapse,
                path,
            )

    def _stylize(self, photo, index):
        generator, inputs = self.model.generator, photo[None]
        if draw := getattr(self.model, "draw", None):
            inputs = [inputs, draw.show(index)]
        stylized = generator(inputs, training=False)
        return keras.ops.convert_to_numpy(stylized)[0]


def find_sheet(folder: str | os.PathLike, step: int) -> pathlib.Path:
    """Returns the path of the sample sheet of a step, whether it exists or not."""
    return pathlib.Path(folder) / f"step-{step:08d}.png"
