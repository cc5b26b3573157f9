import types

import numpy as np

from fast_style.io.images import load_image
from fast_style.training.callbacks.sample_sheets import SampleSheets

STEPS = {"num_steps": 20, "num_steps_done": 0}


class TestSampleSheets:
    PHOTOS = (np.full((20, 30, 3), 50.0), np.full((20, 40, 3), 90.0))

    def run(self, folder, generator):
        sheets = SampleSheets(folder, self.PHOTOS, every_steps=12, **STEPS)
        sheets.set_model(types.SimpleNamespace(generator=generator))
        for batch in range(20):
            sheets.on_train_batch_end(batch)

    def test_show_photo_and_stylized_image_of_each_photo(self, tmp_path):
        self.run(tmp_path, lambda images, training: 255.0 - images)

        names = sorted(path.name for path in tmp_path.iterdir())
        assert names == ["step-00000012.png", "step-00000020.png"]
        sheet = load_image(tmp_path / names[0])
        assert (sheet[5, 5, 0], sheet[5, 45, 0]) == (50, 205)
        assert (sheet[30, 5, 0], sheet[30, 60, 0]) == (90, 165)

    def test_warn_of_a_generator_that_has_collapsed(self, tmp_path, caplog):
        self.run(tmp_path, lambda images, training: 0.0 * images + 128.0)

        assert "samples are all of one colour" in caplog.text
        assert str(tmp_path / "step-00000012.png") in caplog.text
