import json
import shutil

import pytest

from fast_style.data.photo_scan import find_photos


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
        found = find_photos(photos, coco_annotations=annotations)

        assert self.names(found.paths) == ["0.png", "1.png", "2.png"]
        assert self.names(found.skipped) == ["7.png"]

    def test_a_photo_needs_one_of_the_categories(self, photos, annotations):
        found = find_photos(
            photos, coco_annotations=annotations, coco_categories=("dog", "cat")
        )

        assert self.names(found.paths) == ["0.png", "2.png"]

    def test_unknown_categories_are_refused_with_the_known_ones(
        self, photos, annotations
    ):
        with pytest.raises(ValueError, match=r"among cat, dog.*Received: unicorn"):
            find_photos(
                photos, coco_annotations=annotations, coco_categories=("unicorn",)
            )

    def test_a_category_that_no_photo_shows_is_said_to_be_one(
        self, photos, annotations
    ):
        entries = json.loads(annotations.read_text())
        entries["categories"].append({"id": 3, "name": "bird"})
        annotations.write_text(json.dumps(entries))

        with pytest.raises(ValueError, match=r"at least one photo.*bird"):
            find_photos(photos, coco_annotations=annotations, coco_categories=("bird",))

    def test_a_file_that_is_no_coco_is_an_error(self, photos, tmp_path):
        (tmp_path / "list.json").write_text("[]")

        with pytest.raises(ValueError, match=r"`coco_annotations` must be a COCO"):
            find_photos(photos, coco_annotations=tmp_path / "list.json")

    @pytest.mark.data
    def test_the_real_annotations(self, data):
        found = find_photos(
            data / "coco" / "train2017",
            coco_annotations=data / "coco/annotations/instances_train2017.json",
            coco_categories=("bear",),
            min_image_size=200,
        )

        assert 0 < len(found.paths) < 128
