import json
import pathlib
import shutil

from PIL import Image
import pytest

from fast_style.config.config_files import read_config
from fast_style.training.config_check import check_workdir
from fast_style.training.recorded_inputs import INPUTS_FILE
from fast_style.training.workdir import save_config


def read_smoke(**changes):
    return read_config("smoke", [f"--config.{k}={v}" for k, v in changes.items()])


def fill(workdir, config=None):
    """Makes what looks like a training that is done."""
    workdir.mkdir(parents=True)
    save_config(workdir, config or read_smoke())
    (workdir / "style.keras").write_bytes(b"a style")


class TestCheckWorkdir:
    def test_the_same_config_passes(self, tmp_path):
        fill(tmp_path / "run")

        check_workdir(tmp_path / "run", read_smoke())

    def test_another_is_refused_with_what_changed(self, tmp_path):
        fill(tmp_path / "run")

        with pytest.raises(
            ValueError, match=r"Changed: seed 0 to 3, style_weight 1\.0 to 7\.0|"
            r"Changed: style_weight 1\.0 to 7\.0, seed 0 to 3",
        ):  # fmt: skip
            check_workdir(tmp_path / "run", read_smoke(style_weight=7, seed=3))

    def test_a_field_that_the_file_lacks_has_not_changed(self, tmp_path):
        fill(tmp_path / "run")
        path = tmp_path / "run" / "config.json"
        fields = json.loads(path.read_text())
        del fields["global_clipnorm"]
        path.write_text(json.dumps(fields))

        check_workdir(tmp_path / "run", read_smoke())

    def test_a_config_without_any_work_may_be_replaced(self, tmp_path):
        save_config(tmp_path, read_smoke(style_weight=7))

        check_workdir(tmp_path, read_smoke())

    def test_more_steps_are_no_other_config_but_fewer_are(self, tmp_path):
        fill(tmp_path / "run")

        check_workdir(tmp_path / "run", read_smoke(num_steps=9))
        with pytest.raises(ValueError, match="num_steps 2 to 1"):
            check_workdir(tmp_path / "run", read_smoke(num_steps=1))


class TestPaths:
    """What is there is compared, not how it is written."""

    @pytest.fixture
    def painting(self, tmp_path):
        path = tmp_path / "paintings" / "wave.png"
        path.parent.mkdir()
        Image.new("RGB", (64, 64), "navy").save(path)
        return path

    @pytest.fixture
    def begun(self, tmp_path, photos, painting, monkeypatch):
        monkeypatch.chdir(tmp_path)
        config = read_smoke(train_images="photos", style_image=painting)
        fill(tmp_path / "run", config)
        return config

    def check(self, workdir="run", **paths):
        check_workdir(
            pathlib.Path(workdir),
            read_smoke(**{"train_images": "photos", "style_image": "", **paths}),
        )

    def test_written_otherwise_or_moved_they_are_the_same(
        self, begun, photos, painting
    ):
        for folder in ("photos/", "./photos", photos, "paintings/../photos"):
            self.check(train_images=folder, style_image=painting)
        photos.rename("elsewhere")
        painting.rename("elsewhere.png")

        self.check(train_images="elsewhere", style_image="elsewhere.png")

    def test_another_painting_under_the_same_name_is_refused(self, begun, painting):
        Image.new("RGB", (64, 64), "gold").save(painting)

        message = r"what style_image '.*wave\.png' holds.*`init_from`.*`--fresh`"
        with pytest.raises(ValueError, match=message):
            self.check(style_image=painting)

    def test_other_photos_elsewhere_are_refused(self, begun, photos, painting):
        shutil.copytree(photos, "others")
        (next(pathlib.Path("others").rglob("*.png"))).unlink()

        with pytest.raises(ValueError, match="train_images 'photos' to 'others'"):
            self.check(train_images="others", style_image=painting)

    def test_photos_may_come_and_go_in_their_place(self, begun, photos, painting):
        (photos / "part0" / "0.png").unlink()

        self.check(train_images="./photos", style_image=painting)

    def test_of_several_paintings_each_is_compared(self, tmp_path, painting, begun):
        Image.new("RGB", (64, 64), "gold").save("paintings/night.png")
        several = {"style_images": "paintings", "train_images": "photos"}
        fill(tmp_path / "two", read_smoke(style_image="", **several))

        self.check("two", style_images="./paintings/")
        names = "paintings/night.png,paintings/wave.png"
        self.check("two", style_images=names)
        with pytest.raises(ValueError, match="style_images"):
            self.check("two", style_images="paintings/wave.png,paintings/night.png")
        Image.new("RGB", (64, 64), "red").save("paintings/night.png")
        with pytest.raises(
            ValueError, match=r"what style_images \['paintings'\] holds"
        ):
            self.check("two", style_images="paintings")

    def test_what_begins_it_is_compared_too(self, tmp_path, begun, painting):
        shutil.copytree("run", "first")
        fill(tmp_path / "second", read_smoke(init_from="first", style_image=painting))

        def check():
            self.check(
                "second",
                init_from="./first/style.keras",
                style_image=painting,
                train_images=read_smoke().train_images,
            )

        check()
        pathlib.Path("first/style.keras").write_bytes(b"another style")
        with pytest.raises(ValueError, match="init_from 'first' to"):
            check()

    def test_what_is_gone_is_told_by_who_reads_it(self, begun, photos, painting):
        shutil.rmtree(photos)
        painting.unlink()

        self.check(style_image=painting)

    def test_runs_without_a_record_go_by_the_place(self, begun, painting):
        pathlib.Path("run", INPUTS_FILE).unlink()

        self.check(train_images="./photos", style_image=painting)
        shutil.copytree("photos", "copy")
        with pytest.raises(ValueError, match="train_images 'photos' to 'copy'"):
            self.check(train_images="copy", style_image=painting)

    def test_a_damaged_record_is_an_error(self, begun, painting):
        pathlib.Path("run", INPUTS_FILE).write_text("{")

        with pytest.raises(ValueError, match=r"inputs\.json' is damaged"):
            self.check(style_image=painting)
