from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from fast_style.training.callbacks.sample_sheets import find_sheet
from fast_style.training.callbacks.tensorboard_log import TensorBoardLog

STEPS = {"num_steps": 20, "num_steps_done": 0}


class TestTensorBoardLog:
    def write(self, take, trainer, folder, first, last, *, num_steps_done=0, **terms):
        log = TensorBoardLog(
            folder, folder / "samples", every_steps=5,
            num_steps=20, num_steps_done=num_steps_done,
        )  # fmt: skip
        take(log, trainer, first, last, **terms)
        log.writer.close()

    def read(self, folder):
        events = EventAccumulator(str(folder))
        events.Reload()
        return events

    def test_has_each_term_rate_norm_and_sheets(self, take_steps, trainer, tmp_path):
        sheet = find_sheet(tmp_path / "samples", 10)
        sheet.parent.mkdir()
        Image.new("RGB", (30, 20), "red").save(sheet)
        self.write(take_steps, trainer, tmp_path, 1, 10, content=1.0, style=2.0)

        events = self.read(tmp_path)

        tags = {"loss", "content", "style", "tv", "learning_rate", "gradient_norm"}
        assert set(events.Tags()["scalars"]) == tags
        assert [(e.step, e.value) for e in events.Scalars("loss")] == [(5, 3), (10, 3)]
        (image,) = events.Images("samples")
        assert (image.step, image.width, image.height) == (10, 30, 20)
        assert image.encoded_image_string == sheet.read_bytes()

    def test_each_term_of_the_loss_has_its_curve(
        self, take_steps, make_trainer, tmp_path
    ):
        trainer = make_trainer("content", "strokes", "motifs", "tv")
        self.write(take_steps, trainer, tmp_path, 1, 5, strokes=2.0, motifs=4.0)

        events = self.read(tmp_path)

        names = ("loss", "content", "strokes", "motifs", "tv")
        values = {name: events.Scalars(name)[0].value for name in names}
        assert values == dict(zip(names, (6.0, 0.0, 2.0, 4.0, 0.0), strict=True))
        assert "style" not in events.Tags()["scalars"]

    def test_steps_that_were_lost_are_not_shown(self, take_steps, trainer, tmp_path):
        self.write(take_steps, trainer, tmp_path, 1, 15, style=9.0)
        # A file's name has the second in it, and they are read in that order.
        (path,) = tmp_path.glob("events*")
        path.rename(tmp_path / "events.out.tfevents.0000000001.first")
        self.write(take_steps, trainer, tmp_path, 11, 15, num_steps_done=10, style=1.0)

        values = [(e.step, e.value) for e in self.read(tmp_path).Scalars("loss")]
        assert values == [(5, 9.0), (10, 9.0), (15, 1.0)]
