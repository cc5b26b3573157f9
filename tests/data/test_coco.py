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

    def change(self, annotations, change):
        entries = json.loads(annotations.read_text())
        change(entries)
        annotations.write_text(json.dumps(entries))

    def test_files_of_lvis_name_photos_by_their_url(self, photos, annotations):
        def name_by_url(entries):
            for entry in entries["images"]:
                name = entry.pop("file_name")
                entry["coco_url"] = f"http://example.org/train2017/{name}"

        self.change(annotations, name_by_url)

        found = find_photos(photos, coco_annotations=annotations)

        assert self.names(found.paths) == ["0.png", "1.png", "2.png"]

    @pytest.mark.parametrize("categories", [(), ("dog", "cat")])
    def test_files_of_other_tools_mix_ids_and_leave_sizes_out(
        self, photos, annotations, categories
    ):
        def mix(entries):
            for entry in entries["images"]:
                del entry["width"]
                entry["height"] = None
            entries["images"][1]["id"] = "one"
            entries["annotations"][0]["image_id"] = "0"
            del entries["annotations"][1]["id"]
            # Of a photo that is not in the list.
            entries["annotations"].append({"id": 9, "image_id": 77, "category_id": 1})

        self.change(annotations, mix)

        found = find_photos(
            photos, coco_annotations=annotations, coco_categories=categories
        )

        expected = ["0.png", "2.png"] if categories else ["0.png", "1.png", "2.png"]
        assert sorted(self.names(found.paths)) == expected

    @pytest.mark.parametrize(
        ("entry", "problem"),
        [
            ({"id": 3, "file_name": None}, r"images\[1\] is .*without `file_name`"),
            ({"id": 3, "coco_url": None}, r"images\[1\] is .*without `file_name`"),
            ({"id": 3, "file_name": 7}, r"images\[1\] is .*without `file_name`"),
            ({"file_name": "a.png"}, r"images\[1\] is .*a number or text as `id`"),
            ({"id": None, "file_name": "a.png"}, r"images\[1\] is .*as `id`"),
            (
                {"id": 0, "file_name": "a.png"},
                r"images\[1\] is .*another has",
            ),
            (None, r"images\[1\] is None"),
        ],
    )
    def test_an_entry_that_says_too_little_is_named(
        self, photos, annotations, entry, problem
    ):
        self.change(
            annotations, lambda entries: entries["images"].__setitem__(1, entry)
        )

        with pytest.raises(ValueError, match=problem):
            find_photos(photos, coco_annotations=annotations)

    @pytest.mark.parametrize(
        ("kind", "entries", "problem"),
        [
            (
                "annotations",
                [{"id": 1, "category_id": 1}],
                r"annotations\[0\] .*`im",
            ),
            ("annotations", None, "no list of `annotations`"),
            ("categories", [{"id": 1}], r"categories\[0\] is .*`name`"),
            ("images", None, "no list of `images`"),
        ],
    )
    def test_so_are_those_that_categories_need(
        self, photos, annotations, kind, entries, problem
    ):
        self.change(annotations, lambda dataset: dataset.update({kind: entries}))

        with pytest.raises(ValueError, match=problem):
            find_photos(photos, coco_annotations=annotations, coco_categories=("dog",))

    @pytest.mark.data
    def test_the_real_annotations(self, data):
        found = find_photos(
            data / "coco" / "train2017",
            coco_annotations=data / "coco/annotations/instances_train2017.json",
            coco_categories=("bear",),
            min_image_size=200,
        )

        assert 0 < len(found.paths) < 128
