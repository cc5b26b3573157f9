"""What the tests of the evaluation share."""

import json
import shutil

import pytest

from fast_style.evaluation.evaluation import evaluate
from fast_style.samples import find_sample_photos


@pytest.fixture(scope="session")
def photos(tmp_path_factory):
    """A folder with two photos, one damaged file and one that is none."""
    folder = tmp_path_factory.mktemp("photos")
    for name in ("coffee.png", "chelsea.png"):
        shutil.copy(find_sample_photos() / name, folder)
    (folder / "damaged.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    (folder / "notes.txt").write_text("no picture at all")
    return folder


@pytest.fixture(scope="session")
def report_folder(trained_run, photos, tmp_path_factory):
    """The workdir of an evaluation of `trained_run` on `photos`."""
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


@pytest.fixture
def report(report_folder):
    """The report that this evaluation wrote."""
    return json.loads((report_folder / "report.json").read_text())
