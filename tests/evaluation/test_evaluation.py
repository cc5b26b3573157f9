import json
import shutil
import sys

import numpy as np
from PIL import Image
import pytest

from fast_style.cli.app import main
from fast_style.config.serialization import from_json
from fast_style.evaluation.evaluation import evaluate
from fast_style.inference.stylizer import load_style
from fast_style.io.images import load_resized
from fast_style.losses.making import make_perceptual_loss
from fast_style.samples import STYLE_IMAGE


class TestReport:
    def test_is_numbers_tables_and_plots(self, report_folder):
        names = {path.name for path in report_folder.iterdir()}
        plots = {"losses.png", "iterations.png", "worst.png"}

        assert names == {"report.json", "report.md"} | plots
        for name in plots:
            with Image.open(report_folder / name) as image:
                assert min(image.size) > 200

    def test_is_returned_as_it_is_written(self, trained_run, photos, tmp_path):
        report = evaluate(
            trained_run,
            photos,
            tmp_path,
            image_size=64,
            max_photos=1,
            num_lbfgs_photos=0,
        )

        assert report == json.loads((tmp_path / "report.json").read_text())

    def test_leaves_out_what_is_no_photo(self, report):
        names = [photo["name"] for photo in report["photos"]]

        assert names == ["chelsea.png", "coffee.png"]
        assert report["num_photos"] == 2

    def test_losses_are_those_of_the_training(self, report, trained_run, photos):
        config = from_json((trained_run / "config.json").read_text())
        style = load_resized(config.style_image, config.style_image_size)
        loss = make_perceptual_loss(config, style, seed=config.seed)
        with Image.open(photos / "coffee.png") as image:
            left = (image.width - image.height) // 2
            square = image.crop((left, 0, left + image.height, image.height))
            square = square.resize((96, 96), Image.Resampling.LANCZOS)
        stylized = load_style(trained_run)(np.asarray(square))
        terms = loss(
            np.asarray(square, "float32")[None], stylized[None].astype("float32")
        )

        losses = report["photos"][1]["losses"]
        for name, value in terms.items():
            assert losses[name] == pytest.approx(float(value), rel=0.02), name

    def test_the_untouched_photo_has_all_content_and_little_style(self, report):
        losses = report["losses"]

        assert losses["untouched"]["content"]["mean"] == 0
        assert (
            losses["untouched"]["style"]["mean"] > losses["held_out"]["style"]["mean"]
        )

    def test_metrics_of_the_untouched_photo_are_perfect(self, report):
        metrics = report["metrics_untouched"]

        assert metrics["ssim"]["mean"] == pytest.approx(1)
        assert metrics["gradient_similarity"]["mean"] == pytest.approx(1)

    def test_training_photos_are_those_of_the_config(self, report):
        held_out, training = (
            report["losses"][kind]["loss"]["median"]
            for kind in ("held_out", "training")
        )
        assert report["gap"] == pytest.approx(held_out / training - 1)

    def test_photos_that_were_trained_on_are_warned_of(
        self, trained_run, photos, tmp_path, caplog
    ):
        evaluate(
            trained_run,
            photos,
            tmp_path,
            train_images=photos,
            image_size=64,
            max_photos=1,
            num_lbfgs_photos=0,
        )

        assert "2 of the photos" not in caplog.text
        assert "3 of the photos" in caplog.text  # The damaged one is in both too.


class TestErrors:
    @pytest.mark.parametrize(
        ("options", "error", "message"),
        [
            ({"style": "no_such"}, FileNotFoundError, "bundled style"),
            ({"style": ""}, ValueError, "`style` must be a path"),
            ({"images": "no_such"}, FileNotFoundError, "folder of photos"),
            ({"images": ""}, ValueError, "`images` must be a path"),
            ({"workdir": ""}, ValueError, "`workdir` must be a path"),
            ({"train_images": " "}, ValueError, "`train_images` must be a path"),
            ({"image_size": 32}, ValueError, "at least 64"),
            ({"image_size": 4097}, ValueError, "`image_size` must be at most 4096"),
            ({"style_image_size": 10**6}, ValueError, "at most"),
            ({"max_photos": 0}, ValueError, "at least 1"),
            ({"style_wight": 3.0}, TypeError, "mean 'style_weight'"),
            ({"style_image": "no_such.png"}, FileNotFoundError, "no_such"),
        ],
    )
    def test_name_what_is_wrong(
        self, options, error, message, trained_run, photos, tmp_path
    ):
        arguments = {
            "style": trained_run,
            "images": photos,
            "workdir": tmp_path / "out",
        }

        with pytest.raises(error, match=message):
            evaluate(**{**arguments, **options})
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize("package", ["scipy", "matplotlib"])
    def test_a_missing_package_comes_before_all_else(self, package, monkeypatch):
        monkeypatch.setitem(sys.modules, package, None)

        with pytest.raises(ImportError, match=r'pip install "fast_style\[report\]"'):
            evaluate("no_such", "no_such", "no_such")

    def test_a_folder_without_photos(self, trained_run, tmp_path):
        (tmp_path / "empty").mkdir()

        with pytest.raises(ValueError, match="at least one picture"):
            evaluate(trained_run, tmp_path / "empty", tmp_path / "out")

    def test_a_style_without_config_needs_its_painting(
        self, trained_run, photos, tmp_path
    ):
        shutil.copy(trained_run / "style.keras", tmp_path / "alone.keras")

        with pytest.raises(ValueError, match="`style_image` must name the painting"):
            evaluate(tmp_path / "alone.keras", photos, tmp_path / "out")


def test_what_is_not_here_is_left_out_with_a_line(
    trained_run, photos, tmp_path, monkeypatch, caplog
):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))  # Without any weights.
    run = shutil.copytree(trained_run, tmp_path / "run")
    config = json.loads((run / "config.json").read_text())
    layers = {"network": "vgg19", "network_weights": "gone.npz", "layers": ["relu4_1"]}
    config["terms"]["motifs"] = {"kind": "style", **layers}
    (run / "config.json").write_text(json.dumps(config))

    report = evaluate(
        run, photos, tmp_path, image_size=64, max_photos=1, num_lbfgs_photos=0
    )

    assert "motifs" not in report["losses"]["held_out"]
    assert {"content", "style"} <= report["losses"]["held_out"].keys()
    assert "vgg19" not in report["judges"]
    assert "The term 'motifs' is left out" in caplog.text
    assert "vgg19 does not judge" in caplog.text


class TestCommand:
    def test_prints_the_report(self, trained_run, photos, tmp_path, capsys):
        code = main(
            [
                "evaluate",
                f"--style={trained_run}",
                f"--images={photos}",
                f"--workdir={tmp_path / 'out'}",
                f"--style_image={STYLE_IMAGE}",
                "--image_size=64",
                "--max_photos=1",
                "--num_lbfgs_photos=0",
                "--style_weight=2",
            ]
        )

        report = json.loads((tmp_path / "out" / "report.json").read_text())
        assert code == 0
        assert "| ssim |" in capsys.readouterr().out
        assert report["loss_config"]["style_weight"] == 2.0
