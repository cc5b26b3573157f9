"""A training of the first version goes on, and its exports still paint the same."""

import json
import pathlib
import shutil

import numpy as np
import pytest

from fast_style import samples
from fast_style.config.serialization import from_json
from fast_style.inference.stylizer import load_style
from fast_style.io.history import read_history
from fast_style.models.saving import load_generator
from fast_style.training.config_check import check_workdir
from fast_style.training.run import train
from fast_style.training.runs import list_runs
from fast_style.training.workdir import find_history
from fast_style.training.workdir import rename_old_history

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
    assert list(config.terms) == ["content", "style"]
    assert config.terms["style"].distance == "l2"
    assert config.terms["style"].layers == ("relu1_1", "relu2_1")
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


def test_a_short_run_goes_on_with_the_warm_up_that_it_began_with(old_run):
    # Then 50 steps whatever `num_steps` was, where it is an eighth of them now.
    fields = json.loads((old_run / "config.json").read_text())
    fields |= {"warmup_steps": 3, "num_steps": 4}
    (old_run / "config.json").write_text(json.dumps(fields))
    fields["warmup_steps"] = -1
    config = from_json(json.dumps(fields))

    train(config, old_run)

    fields = json.loads((old_run / "config.json").read_text())
    assert fields["warmup_steps"] == 3


def test_a_refused_run_is_left_as_it_was(old_run):
    config = from_json((old_run / "config.json").read_text())
    config.num_steps = 3
    before = sorted(path.name for path in old_run.iterdir())

    with pytest.raises(ValueError, match="Changed: num_steps 4 to 3"):
        train(config, old_run)

    after = {path.name for path in old_run.iterdir()} - {".lock"}
    assert sorted(after) == before


def test_the_newer_of_two_histories_counts(old_run):
    (old_run / "history.csv").write_text("step,loss\n1,7.0\n")

    assert find_history(old_run).name == "history.csv"
    rename_old_history(old_run)
    assert (old_run / "history.csv").read_text() == "step,loss\n1,7.0\n"
