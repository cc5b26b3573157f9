import shutil

import numpy as np
import pytest

from fast_style.data.crops import load_crop
from fast_style.data.dataset import make_dataset
from fast_style.data.photos import list_images


def find_colours(batch):
    return [tuple(np.rint(image[0, 0]).astype(int).tolist()) for image in batch]


class TestMakeDataset:
    def take(self, photos, count, **options):
        paths = tuple(list_images(photos)[0])
        dataset = make_dataset(paths, image_size=16, batch_size=2, **options)
        return [batch.numpy() for batch in dataset.take(count)]

    def test_gives_batches_of_the_pipelines_own_kind(self, photos):
        (batch,) = self.take(photos, 1)

        assert batch.shape == (2, 16, 16, 3)
        assert batch.dtype == np.float32
        assert batch.max() > 100

    def test_a_pass_shows_each_photo_once_and_the_next_in_another_order(self, photos):
        colours = [c for batch in self.take(photos, 9) for c in find_colours(batch)]

        passes = [colours[:6], colours[6:12], colours[12:]]
        assert [len(set(p)) for p in passes] == [6, 6, 6]
        assert len({tuple(p) for p in passes}) > 1

    def test_the_seed_decides_everything(self, photos, photo_path):
        shutil.copy(photo_path, photos / "real.png")
        first, again, other = (self.take(photos, 7, seed=s) for s in (1, 1, 2))

        np.testing.assert_array_equal(first, again)
        assert np.abs(np.array(first) - np.array(other)).max() > 0

    def test_going_on_is_as_if_never_stopped(self, photos, photo_path):
        shutil.copy(photo_path, photos / "real.png")
        whole = self.take(photos, 6)

        rest = self.take(photos, 2, num_batches_done=4)

        np.testing.assert_array_equal(rest, whole[4:])

    def test_a_photo_that_vanishes_is_replaced_with_a_warning(self, photos, caplog):
        paths = tuple(list_images(photos)[0])
        (photos / "part0" / "0.png").unlink()

        crops = [load_crop(paths, n, image_size=8) for n in range(6)]

        assert all(crop.shape == (8, 8, 3) for crop in crops)
        assert "0.png is left out" in caplog.text

    def test_photos_that_all_vanish_are_an_error(self, photos):
        paths = tuple(list_images(photos)[0])
        shutil.rmtree(photos)

        with pytest.raises(OSError, match="Is the disk that holds them still there"):
            load_crop(paths, 0, image_size=8)
