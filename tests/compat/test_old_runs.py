"""A training of the first version goes on, and its exports still paint the same."""

import pathlib
import shutil

import numpy as np
import pytest

from fast_style import samples
from fast_style.config.serialization import from_json
from fast_style.inference.stylizer import load_style
from fast_style.io.history import read_history
from fast_style.models.saving import load_generator
from fast_style.training.run import train
from fast_style.training.runs import list_runs
from fast_style.training.workdir import check_workdir

DATA = pathlib.Path(__file__).parent / "data"


@pytest.fixture
def old_run(tmp_path):
    """Stopped after step 2 of 4, with the names and numbers of files of that time."""
    workdir = tmp_path / "old_run"
    shutil.copytree(DATA / "old_run", workdir)
    (workdir / "final_weights.npz").unlink()
    config = workdir / "config.json"
    text = config.read_text().replace("{samples}", str(samples.FOLDER))
    config.write_text(text)
    return workdir


def test_a_stopped_run_ends_with_the_weights_that_it_had_then(old_run):
    config = from_json((old_run / "config.json").read_text())

    path = train(config, old_run)

    assert [row["step"] for row in read_history(old_run / "history.csv")] == [2, 4]
    assert not (old_run / "metrics.csv").exists()
    actual = load_generator(path).get_weights()
    with np.load(DATA / "old_run" / "final_weights.npz") as expected:
        assert len(actual) == len(expected.files)
        for values, name in zip(actual, sorted(expected.files), strict=True):
            # Other CPUs sum up in another order.
            np.testing.assert_allclose(values, expected[name], atol=1e-4)


def test_its_config_has_the_names_of_now(old_run):
    text = (old_run / "config.json").read_text()
    assert '"loss_shift"' in text
    assert '"plain"' in text

    config = from_json(text)

    assert config.loss_jitter == 3
    assert config.style_distance == "l2"
    check_workdir(old_run, config)  # It is no other config.


def test_it_is_listed_with_its_losses(old_run):
    (run,) = list_runs(old_run.parent)

    assert (run.state, run.step, run.num_steps) == ("stopped", 2, 4)
    assert run.losses["content"] == pytest.approx(1.1549, abs=1e-4)


def test_an_old_export_gives_the_same_pixels():
    with np.load(DATA / "old_export_pixels.npz") as data:
        photo, expected = data["photo"], data["stylized"]

    stylized = load_style(DATA / "old_export")(photo)

    difference = np.abs(stylized.astype(int) - expected.astype(int))
    assert difference.max() <= 1
    assert (difference > 0).mean() < 0.01
