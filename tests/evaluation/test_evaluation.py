import json
import shutil

import numpy as np
from PIL import Image
import pytest

from fast_style.cli.app import main
from fast_style.evaluation import evaluation
from fast_style.evaluation.evaluation import evaluate
from fast_style.evaluation.photos import load_photos
from fast_style.evaluation.report import FIGURES
from fast_style.inference.stylizer import load_style
from fast_style.inference.stylizer import Stylizer
from fast_style.io.images import load_resized
from fast_style.losses.making import make_perceptual_loss
from fast_style.models.catalog import name_style
from fast_style.samples import find_sample_photos
from fast_style.samples import STYLE_IMAGE


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """A folder with two photos, one damaged file and one that is none."""
    folder = tmp_path_factory.mktemp("photos")
    for name in ("coffee.png", "chelsea.png"):
        shutil.copy(find_sample_photos() / name, folder)
    (folder / "damaged.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    (folder / "notes.txt").write_text("no picture at all")
    return folder


@pytest.fixture(scope="module")
def report(trained_run, photos, tmp_path_factory):
    workdir = tmp_path_factory.mktemp("reports") / "smoke"
    evaluate(
        trained_run,
        photos,
        workdir,
        image_size=96,
        num_lbfgs_photos=1,
        num_lbfgs_steps=3,
    )
    return workdir


def read(workdir):
    return json.loads((workdir / "report.json").read_text())


class TestEvaluate:
    def test_writes_tables_plots_and_numbers(self, report):
        names = {path.name for path in report.iterdir()}
        plots = {"losses.png", "iterations.png", "worst.png"}

        assert names == {"report.json", "report.md"} | plots
        for name in plots:
            with Image.open(report / name) as image:
                assert min(image.size) > 200
        text = (report / "report.md").read_text()
        for name, _, _ in FIGURES:
            assert f"| {name} |" in text

    def test_the_title_is_the_name_of_the_style(self, report, trained_run):
        first = (report / "report.md").read_text().splitlines()[0]

        assert first == f"# {trained_run.name}"

    @pytest.mark.parametrize(
        "style", ["v1.2", "v1.2.keras", "runs/v1.2", "runs/v1.2/style.keras"]
    )
    def test_a_title_names_no_folders(self, style):
        assert name_style(style) == "v1.2"

    def test_leaves_out_what_is_no_photo(self, report):
        names = [photo["name"] for photo in read(report)["photos"]]

        assert names == ["chelsea.png", "coffee.png"]

    def test_losses_are_those_of_the_training(self, report, trained_run, photos):
        from fast_style.config.serialization import from_json

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

        losses = read(report)["photos"][1]["losses"]
        for name, value in terms.items():
            assert losses[name] == pytest.approx(float(value), rel=0.02), name

    def test_the_untouched_photo_has_all_content_and_little_style(self, report):
        losses = read(report)["losses"]

        assert losses["untouched"]["content"]["mean"] == 0
        assert (
            losses["untouched"]["style"]["mean"] > losses["held_out"]["style"]["mean"]
        )

    def test_figures_of_the_untouched_photo_are_perfect(self, report):
        figures = read(report)["figures_untouched"]

        assert figures["ssim"]["mean"] == pytest.approx(1)
        assert figures["gradient_similarity"]["mean"] == pytest.approx(1)

    def test_the_worst_photo_is_the_one_with_the_worst_figure(self, report):
        data = read(report)
        for name, worse, _ in FIGURES:
            values = {p["name"]: p["figures"][name] for p in data["photos"]}
            values = {k: v for k, v in values.items() if v is not None}
            if values:
                choose = max if worse == "high" else min
                expected = choose(values, key=values.get)
                assert data["figures"][name]["worst_photo"] == expected

    def test_training_photos_are_those_of_the_config(self, report):
        data = read(report)

        held_out, training = (
            data["losses"][kind]["loss"]["median"] for kind in ("held_out", "training")
        )
        assert data["gap"] == pytest.approx(held_out / training - 1)

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


class TestIterations:
    def test_a_picture_that_lbfgs_found_is_worth_its_iterations(
        self, trained_run, photos, tmp_path
    ):
        from fast_style.iterative.optimization import optimize

        config = evaluation._find_config(trained_run)
        photo = load_photos(photos, 96, 1)["chelsea.png"].astype("uint8")
        found = optimize(
            photo,
            config.style_image,
            image_size=0,
            num_steps=4,
            is_verbose=False,
            style_image_size=config.style_image_size,
            **{
                name: getattr(config, name)
                for name in evaluation.LossConfig.__dataclass_fields__
            },
        )
        found_pixels = np.asarray(found.image)

        class Cheat(Stylizer):
            def __call__(self, image):
                return found_pixels if image.shape == photo.shape else image

        data = evaluate(
            Cheat(None, name="cheat"),
            photos,
            tmp_path,
            style_image=config.style_image,
            style_image_size=config.style_image_size,
            image_size=96,
            max_photos=1,
            num_lbfgs_photos=1,
            num_lbfgs_steps=6,
            **{
                name: getattr(config, name)
                for name in evaluation.LossConfig.__dataclass_fields__
            },
        )

        # Rounding to whole grey levels may be worth one, either way.
        assert data["iterations_worth"]["photos"][0] in (3, 4, 5)
        assert data["iterations_worth"]["num_not_reached"] == 0

    def test_none_are_counted_if_not_wanted(self, trained_run, photos, tmp_path):
        (tmp_path / "iterations.png").write_bytes(b"of an earlier evaluation")
        data = evaluate(
            trained_run,
            photos,
            tmp_path,
            image_size=64,
            max_photos=1,
            num_lbfgs_photos=0,
        )

        assert data["iterations_worth"] is None
        assert not (tmp_path / "iterations.png").exists()
        text = (tmp_path / "report.md").read_text()
        assert "No iterations were counted" in text
        assert "iterations.png" not in text


class TestErrors:
    @pytest.mark.parametrize(
        ("options", "error", "message"),
        [
            ({"style": "no_such"}, FileNotFoundError, "bundled style"),
            ({"images": "no_such"}, FileNotFoundError, "folder of photos"),
            ({"image_size": 32}, ValueError, "at least 64"),
            ({"max_photos": 0}, ValueError, "at least 1"),
            ({"style_wight": 3.0}, TypeError, "style_wight"),
            ({"style_image": "no_such.png"}, FileNotFoundError, "no_such"),
        ],
    )
    def test_say_what_is_wrong(
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

        assert code == 0
        assert "| ssim |" in capsys.readouterr().out
        assert read(tmp_path / "out")["loss_config"]["style_weight"] == 2.0
