import json

import numpy as np
from PIL import Image
import pytest

from fast_style import samples
from fast_style.cli.app import main
from fast_style.config.config_files import read_config
from fast_style.evaluation.evaluation import evaluate
from fast_style.training.run import train

JUDGES = ("vgg19=random",)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A training of two styles, with strength."""
    folder = tmp_path_factory.mktemp("paintings")
    with Image.open(samples.STYLE_IMAGE) as strokes:
        for name, angle in (("red", 0), ("green", 90)):
            strokes.rotate(angle).save(folder / f"{name}.png")
    changes = {"style_image": "", "style_images": folder, "num_steps": 2}
    changes |= {"min_style_weight": 0.1, "style_factors": "red:2"}
    config = read_config("smoke", [f"--config.{k}={v}" for k, v in changes.items()])
    return train(config, tmp_path_factory.mktemp("runs") / "two").parent


@pytest.fixture(scope="module")
def workdir(run, photos, tmp_path_factory):
    workdir = tmp_path_factory.mktemp("report")
    evaluate(run, photos, workdir, image_size=64, max_photos=1, judges=JUDGES)
    return workdir


def read(folder):
    return json.loads((folder / "report.json").read_text())


def test_each_style_has_its_report(workdir):
    report = read(workdir)

    assert list(report["styles"]) == ["green", "red"]
    for name, one in report["styles"].items():
        assert one == read(workdir / name)
        assert one["style"] == name
        assert one["iterations_worth"] is None
    # The loss is the one that each was trained with.
    red, green = (report["styles"][name]["loss_config"] for name in ("red", "green"))
    assert red == {**green, "style_weight": 2 * green["style_weight"]}


def test_each_is_compared_with_its_own_painting(run, photos, workdir, tmp_path):
    sizes = {"image_size": 64, "max_photos": 1, "num_lbfgs_steps": 1}
    evaluate(run, photos, tmp_path, name="red", judges=JUDGES, **sizes)

    one = read(tmp_path)
    assert one["iterations_worth"]["num_steps"] > 0  # As of a file of one style.
    of_all = read(workdir)["styles"]
    assert one["losses"]["held_out"] == of_all["red"]["losses"]["held_out"]
    assert one["judges"] == of_all["red"]["judges"]
    assert one["judges"] != of_all["green"]["judges"]


def test_all_are_measured_by_one_loss_if_its_weight_is_given(run, photos, tmp_path):
    sizes = {"image_size": 64, "max_photos": 1, "num_lbfgs_photos": 0}
    evaluate(run, photos, tmp_path, name="red", style_weight=3.0, **sizes)

    assert read(tmp_path)["loss_config"]["style_weight"] == 3.0


def test_strengths_are_judged(workdir):
    report = read(workdir)["styles"]["red"]

    rows = report["strengths"]
    assert [row["strength"] for row in rows] == [0.4, 0.7, 1.0]
    judged = report["judges"]["vgg19"]
    for kind in ("style", "content"):
        assert rows[-1]["vgg19"][kind] == pytest.approx(judged[kind]["mean"])
    text = (workdir / "red" / "report.md").read_text()
    assert "style, vgg19 | content, vgg19 |" in text


def test_the_overview_has_a_row_for_each_and_a_sheet(workdir):
    text = (workdir / "report.md").read_text()

    assert "| [green](green/report.md) |" in text
    assert "| [red](red/report.md) |" in text
    with Image.open(workdir / "styles.png") as sheet:
        pixels = np.asarray(sheet)
    # A row of paintings and one photo; a column of photos and two styles.
    assert pixels.shape == (2 * 192 + 4, 3 * 192 + 8, 3)
    assert (pixels[:192, :192] == 255).all()


def test_a_name_that_it_does_not_have_is_refused(run, trained_run, photos, capsys):
    arguments = [f"--images={photos}", "--workdir=unused", "--name=blue"]

    assert main(["evaluate", f"--style={run}", *arguments]) == 1
    assert "`name` must be green, red. Received: name='blue'" in capsys.readouterr().err
    assert main(["evaluate", f"--style={trained_run}", *arguments]) == 1
    assert "as the file has one style" in capsys.readouterr().err
