"""Writes losses and sample sheets for TensorBoard."""

import pathlib
import time

from PIL import Image
from tensorboard.compat.proto import event_pb2
from tensorboard.compat.proto import summary_pb2
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from fast_style.training.callbacks.sample_sheets import find_sheet
from fast_style.training.callbacks.step_callback import StepCallback
from fast_style.training.history import read_step


class TensorBoardLog(StepCallback):
    """Writes the values of `history.csv`, and the sample sheets, for TensorBoard.

    Args:
        folder: Folder for the event files.
        sheets_folder: Folder of `SampleSheets`, which must come before.
        **steps: As in `StepCallback`. TensorBoard does not show what an interrupted
            run wrote of steps after `num_steps_done`.
    """

    def __init__(self, folder, sheets_folder, **steps):
        super().__init__(**steps)
        self.sheets_folder = pathlib.Path(sheets_folder)
        self.writer = EventFileWriter(str(folder))
        start = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
        self._write(self.num_steps_done + 1, session_log=start)

    def on_step(self, step):
        row = read_step(self.model, step, min(step, self.every_steps))
        values = [
            summary_pb2.Summary.Value(tag=name, simple_value=value)
            for name, value in row.items()
            if name != "step"
        ]
        sheet = find_sheet(self.sheets_folder, step)
        if sheet.is_file():
            values.append(summary_pb2.Summary.Value(tag="samples", image=_pack(sheet)))
        self._write(step, summary=summary_pb2.Summary(value=values))
        if step == self.num_steps:
            self.writer.close()

    def _write(self, step, **content):
        event = event_pb2.Event(wall_time=time.time(), step=step, **content)
        self.writer.add_event(event)
        self.writer.flush()


def _pack(path):
    with Image.open(path) as image:
        width, height = image.size
    return summary_pb2.Summary.Image(
        width=width, height=height, colorspace=3, encoded_image_string=path.read_bytes()
    )
