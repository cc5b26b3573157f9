import logging

import numpy as np
import pytest

from fast_style.config.config_files import read_config
from fast_style.io.history import read_history
from fast_style.models.saving import load_generator
from fast_style.training.lengthening import make_longer
from fast_style.training.run import train
from fast_style.training.runs import list_runs
from fast_style.training.workdir import save_config


def read_smoke(**changes):
    changes = {"learning_rate_schedule": "constant", **changes}
    return read_config("smoke", [f"--config.{k}={v}" for k, v in changes.items()])


def test_a_finished_training_goes_on_as_if_it_had_been_longer(tmp_path, caplog):
    # With a rate that does not depend on the number of steps. By default a training of
    # 2 steps has no warm-up, and one of 8 has a step of it.
    train(read_smoke(num_steps=2, warmup_steps=-1), tmp_path / "run")
    short = (tmp_path / "run" / "style.keras").read_bytes()
    path = train(read_smoke(num_steps=8, warmup_steps=-1), tmp_path / "run")
    whole = train(read_smoke(num_steps=8, warmup_steps=0), tmp_path / "whole")

    for one, other in zip(
        load_generator(path).get_weights(),
        load_generator(whole).get_weights(),
        strict=True,
    ):
        np.testing.assert_array_equal(one, other)
    rows = [read_history(p.parent / "history.csv") for p in (path, whole)]
    assert rows[0] == rows[1]
    assert (tmp_path / "run" / "style-2-steps.keras").read_bytes() == short
    assert "of 2 steps goes on to 8. Its schedule (constant) now ends" in caplog.text


def finish(workdir, num_steps):
    workdir.mkdir(parents=True)
    save_config(workdir, read_smoke(num_steps=num_steps))
    (workdir / "style.keras").write_bytes(b"a style")


def test_meanwhile_it_is_not_taken_for_a_finished_one(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    finish(tmp_path / "run", 2)
    (tmp_path / "run" / "checkpoints").mkdir()
    (tmp_path / "run" / "checkpoints" / "step-00000002.npz").write_bytes(b"numbers")

    make_longer(tmp_path / "run", read_smoke(num_steps=4))

    (run,) = list_runs(tmp_path)
    assert run.state == "stopped"
    assert "style-2-steps.keras" in caplog.text


def test_one_without_checkpoints_can_only_begin_another(tmp_path):
    finish(tmp_path / "run", 2)

    with pytest.raises(ValueError, match=r"no checkpoints.*init_from='.*run'"):
        make_longer(tmp_path / "run", read_smoke(num_steps=4))

    assert (tmp_path / "run" / "style.keras").is_file()
