import json
import shutil

import numpy as np
from PIL import Image
import pytest

from fast_style import data


@pytest.fixture
def photos(tmp_path, rng):
    """A folder with six photos of one colour each, known by it."""
    folder = tmp_path / "photos"
    for number in range(6):
        path = folder / f"part{number % 2}" / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        colour = (40 * number, 255 - 40 * number, 128)
        Image.new("RGB", (64 + number, 48), colour).save(path)
    return folder


def find_colours(batch):
    return [tuple(np.rint(image[0, 0]).astype(int).tolist()) for image in batch]


class TestFindPhotos:
    def test_searches_folders_in_folders(self, photos):
        found = data.find_photos(photos)

        assert len(found.paths) == 6
        assert found.skipped == {}
        assert list(found.paths) == sorted(found.paths)

    def test_says_which_files_it_skips_and_why(self, photos, photo_path):
        whole = photo_path.read_bytes()
        (photos / "short.png").write_bytes(whole[: len(whole) // 2])
        (photos / "text.jpg").write_text("not a picture")
        (photos / "empty.webp").touch()
        (photos / "gone.png").symlink_to(photos / "nowhere.png")
        Image.new("RGB", (500, 5)).save(photos / "flat.png")
        (photos / "notes.txt").write_text("no picture by its name either")
        (photos / ".hidden.png").write_text("what a file manager left")

        found = data.find_photos(photos, min_image_size=32)

        reasons = {path.split("/")[-1]: why for path, why in found.skipped.items()}
        assert set(reasons) == {
            "short.png", "text.jpg", "empty.webp", "gone.png", "flat.png",
        }  # fmt: skip
        assert "damaged or cut short" in reasons["short.png"]
        assert "Pillow can read" in reasons["text.jpg"]
        assert reasons["gone.png"] == "no such file"
        assert "below 32 pixels" in reasons["flat.png"]
        assert len(found.paths) == 6
        assert "6 used, 5 skipped" in found.report()

    def test_a_link_to_a_folder_above_does_not_go_round_for_ever(self, photos):
        (photos / "part0" / "back").symlink_to(photos)

        assert len(data.find_photos(photos).paths) == 6

    def test_a_long_list_of_skipped_files_is_shortened(self):
        skipped = {f"{n}.jpg": "it is empty" for n in range(50)}

        report = data.Photos(paths=("a.jpg",), skipped=skipped).report()

        assert report.count("\n") < 15
        assert "40 more" in report
        assert "it is empty (50)" in report

    def test_an_empty_folder_is_an_error_that_counts_what_is_there(self, tmp_path):
        (tmp_path / "notes.txt").touch()

        with pytest.raises(ValueError, match=r"at least one picture .* holds 1 other"):
            data.find_photos(tmp_path)

    def test_a_folder_of_bad_photos_is_an_error_with_the_reasons(self, tmp_path):
        (tmp_path / "text.jpg").write_text("not a picture")

        with pytest.raises(ValueError, match=r"usable photo.*\n.*text\.jpg"):
            data.find_photos(tmp_path)

    def test_a_missing_folder_is_an_error(self, tmp_path):
        with pytest.raises(FileNotFoundError, match="`train_images` must be a folder"):
            data.find_photos(tmp_path / "nowhere")


class TestCoco:
    @pytest.fixture
    def annotations(self, photos, tmp_path):
        for number in (0, 1, 2):
            source = photos / f"part{number % 2}" / f"{number}.png"
            shutil.copy(source, photos / f"{number}.png")
        entries = {
            "images": [
                {"id": n, "file_name": f"{n}.png", "width": 64 + n, "height": 48}
                for n in (0, 1, 2, 7)
            ],
            "annotations": [
                {"id": 1, "image_id": 0, "category_id": 1, "iscrowd": 0},
                {"id": 2, "image_id": 2, "category_id": 2, "iscrowd": 0},
            ],
            "categories": [{"id": 1, "name": "dog"}, {"id": 2, "name": "cat"}],
        }
        path = tmp_path / "instances.json"
        path.write_text(json.dumps(entries))
        return path

    def names(self, paths):
        return [path.split("/")[-1] for path in paths]

    def test_takes_what_the_annotations_list_and_reports_what_is_missing(
        self, photos, annotations
    ):
        found = data.find_photos(photos, coco_annotations=annotations)

        assert self.names(found.paths) == ["0.png", "1.png", "2.png"]
        assert self.names(found.skipped) == ["7.png"]

    def test_a_photo_needs_one_of_the_categories(self, photos, annotations):
        found = data.find_photos(
            photos, coco_annotations=annotations, coco_categories=("dog", "cat")
        )

        assert self.names(found.paths) == ["0.png", "2.png"]

    def test_unknown_categories_are_refused_with_the_known_ones(
        self, photos, annotations
    ):
        with pytest.raises(ValueError, match=r"among cat, dog.*Received: unicorn"):
            data.find_photos(
                photos, coco_annotations=annotations, coco_categories=("unicorn",)
            )

    def test_a_category_that_no_photo_shows_is_said_to_be_one(
        self, photos, annotations
    ):
        entries = json.loads(annotations.read_text())
        entries["categories"].append({"id": 3, "name": "bird"})
        annotations.write_text(json.dumps(entries))

        with pytest.raises(ValueError, match=r"at least one photo.*bird"):
            data.find_photos(
                photos, coco_annotations=annotations, coco_categories=("bird",)
            )

    def test_a_file_that_is_no_coco_is_an_error(self, photos, tmp_path):
        (tmp_path / "list.json").write_text("[]")

        with pytest.raises(ValueError, match=r"`coco_annotations` must be a COCO"):
            data.find_photos(photos, coco_annotations=tmp_path / "list.json")

    @pytest.mark.data
    def test_the_real_annotations(self):
        from conftest import DATA

        found = data.find_photos(
            DATA / "coco" / "train2017",
            coco_annotations=DATA / "coco/annotations/instances_train2017.json",
            coco_categories=("bear",),
            min_image_size=200,
        )

        assert 0 < len(found.paths) < 128


class TestMakeDataset:
    def take(self, photos, count, **options):
        paths = data.find_photos(photos).paths
        dataset = data.make_dataset(paths, image_size=16, batch_size=2, **options)
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
        paths = data.find_photos(photos).paths
        (photos / "part0" / "0.png").unlink()

        crops = [data.load_crop(paths, n, image_size=8) for n in range(6)]

        assert all(crop.shape == (8, 8, 3) for crop in crops)
        assert "0.png is left out" in caplog.text

    def test_photos_that_all_vanish_are_an_error(self, photos):
        paths = data.find_photos(photos).paths
        shutil.rmtree(photos)

        with pytest.raises(OSError, match="Is the disk that holds them still there"):
            data.load_crop(paths, 0, image_size=8)


class TestCrops:
    def write_ramps(self, tmp_path, width, height):
        # Red says how far right a pixel is, green how far down.
        x, y = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
        pixels = np.stack([x, y, np.zeros_like(x)], axis=-1).astype("uint8")
        Image.fromarray(pixels).save(tmp_path / "ramps.png")
        return (str(tmp_path / "ramps.png"),)

    @pytest.mark.parametrize("size", [(200, 100), (100, 200)])
    def test_are_never_squashed(self, tmp_path, size):
        paths = self.write_ramps(tmp_path, *size)

        for number in range(20):
            crop = data.load_crop(paths, number, image_size=32).astype(float)
            # A square of the photo spans pixels in proportion to its sides.
            right = abs(crop[16, -1, 0] - crop[16, 0, 0]) / 255 * size[0]
            down = abs(crop[-1, 16, 1] - crop[0, 16, 1]) / 255 * size[1]
            np.testing.assert_allclose(right, down, rtol=0.1)

    def test_have_all_the_sizes_allowed_and_both_directions(self, tmp_path):
        paths = self.write_ramps(tmp_path, 200, 200)
        crops = np.array(
            [
                data.load_crop(paths, n, image_size=32, min_crop_scale=0.25)
                for n in range(200)
            ],
            float,
        )

        spans = (crops[:, -1, 16, 1] - crops[:, 0, 16, 1]) / 255
        is_mirrored = crops[:, 16, 0, 0] > crops[:, 16, -1, 0]
        assert 0.2 < spans.min() < 0.35
        assert 0.9 < spans.max() <= 1.0
        assert 60 < is_mirrored.sum() < 140

    def test_of_a_photo_turned_by_its_exif_are_upright(self, tmp_path):
        picture = Image.new("RGB", (40, 20), "red")
        picture.paste("blue", (0, 0, 20, 20))
        exif = picture.getexif()
        exif[0x0112] = 6  # The left side of the file is the top of the photo.
        picture.save(tmp_path / "turned.png", exif=exif)

        crops = [
            data.load_crop(
                (str(tmp_path / "turned.png"),), n, image_size=8, min_crop_scale=1.0
            )
            for n in range(30)
        ]

        # Blue lies above red; unturned, it would lie beside it.
        crops = np.array(crops, float)[..., 2]
        assert crops.std(axis=2).max() < 1
        assert crops.std(axis=1).max() > 50

    @pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "I;16"])
    def test_work_in_every_colour_mode(self, tmp_path, photo_path, mode):
        with Image.open(photo_path) as photo:
            if mode == "I;16":
                deep = np.asarray(photo.convert("L"), "uint16") * 257
                picture = Image.fromarray(deep)
            else:
                picture = photo.convert(mode)
            expected = np.asarray(photo.convert("L"), float).mean()
        path = tmp_path / ("photo.jpg" if mode == "CMYK" else "photo.png")
        picture.save(path)

        crops = [data.load_crop((str(path),), n, image_size=64) for n in range(8)]

        assert abs(np.mean(crops) - expected) < 25
