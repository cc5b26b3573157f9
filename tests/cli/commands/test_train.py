import dataclasses
import json
import re

import pytest

from fast_style.config.loss_terms import KINDS
from fast_style.config.train_config import TrainConfig


def test_prints_where_the_style_is(run, trained_run, capsys):
    # Finished already, so this only says where the style is.
    assert run("train", "--config=smoke", "--workdir", trained_run) == 0
    assert str(trained_run / "style.keras") in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--config.style_wieght=3"], "Did you mean 'style_weight'"),
        (["--config.style_wieght", "3"], "Did you mean 'style_weight'"),
        (["--config.nope=1"], "There is no config field 'nope'."),
        (["--config.style_image=nowhere.jpg"], "`style_image` must be a file"),
        (["--config.style_image="], "`style_image` must be a path."),
        (["--config.image_size=30"], "multiple of 4"),
        (["--config.image_size=1000000"], "`image_size` must be at most"),
        (["--config.num_steps=few"], "`num_steps` must be a whole number."),
        (["--config.terms.styel.weight=2"], "Did you mean 'style'?"),
        (["--config.terms.style.wieght=2"], "Did you mean 'weight'?"),
        (["--config.terms.style.weight=x"], "`terms.style`: `weight` must be a number"),
        (["--config.terms.style.layers=relu9"], "`terms.style`: `layers` must be lay"),
        (["--config.terms.style.weight", "2"], "--config.FIELD=VALUE. Received: --con"),
        (["--config.terms.NAME.weight=2"], "There is no term 'NAME', but content, st"),
        (["--config.terms.NAME.weight", "2"], "There is no term 'NAME'"),
        (["--config.terms=2"], "--config.terms.NAME.FIELD=VALUE. Received: --config.t"),
        (
            ["--config.terms.style.network_weights=nowhere.npz"],
            "`terms.style.network_weights` must be a file that exists",
        ),
        (["--config.terms.style.weight=2", "--nope=3"], "Received: --nope=3"),
        (["--config=nowhere.py"], "Received: config='nowhere.py'"),
    ],
)
def test_mistakes_in_the_config_are_one_line(run, tmp_path, capsys, arguments, message):
    code = run("train", "--config=smoke", "--workdir", tmp_path, *arguments)

    assert code == 1
    printed = capsys.readouterr().err
    assert printed.startswith("fast-style train: ")
    assert message in printed
    assert printed.count("\n") == 1


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("--nonsense", "unrecognized arguments: --nonsense"),
        ("--style_weight=3", "Did you mean --config.style_weight?"),
        ("--confg.style_weight=3", "unrecognized arguments: --confg.style_weight=3"),
        ("--work=runs", "Did you mean --workdir?"),
        ("--terms.style.weight=3", "unrecognized arguments: --terms.style.weight=3"),
        ("--layer_weights=3", "Did you mean --config.terms.NAME.layer_weights?"),
    ],
)
def test_unknown_options_are_one_line(run, tmp_path, capsys, argument, message):
    with pytest.raises(SystemExit, match="2"):
        run("train", "--config=smoke", "--workdir", tmp_path, argument)

    printed = capsys.readouterr().err
    assert message in printed
    assert printed.count("\n") == 1


def test_fields_are_set_with_and_without_an_equals_sign(run, tmp_path):
    fields = ("--config.seed=7", "--config.sample_image_size", "48")
    fields += ("--config.terms.style.layers=relu1_1, relu1_2",)
    fields += ("--config.terms.content.weight=2",)

    code = run("train", "--config=smoke", "--workdir", tmp_path / "run", *fields)

    assert code == 0
    config = json.loads((tmp_path / "run" / "config.json").read_text())
    assert config["seed"] == 7
    assert config["sample_image_size"] == 48
    assert config["terms"]["style"]["layers"] == ["relu1_1", "relu1_2"]
    assert config["terms"]["style"]["weight"] == 1.0
    assert config["terms"]["content"]["weight"] == 2.0


def test_a_config_that_raises_is_one_line_and_with_debug_all(run, tmp_path, capsys):
    path = tmp_path / "mine.py"
    path.write_text("def get_config():\n    return 1 / 0\n")
    command = ("train", "--config", path, "--workdir", tmp_path / "run")

    assert run(*command) == 1
    line = f"fast-style train: {path}, line 2: ZeroDivisionError: division by zero\n"
    assert capsys.readouterr().err == line

    assert run(*command, "--debug") == 1
    shown = capsys.readouterr().err
    assert shown.count("Traceback") == 2
    assert "return 1 / 0" in shown
    assert shown.endswith(line)


def test_an_empty_workdir_is_not_the_current_folder(run, capsys):
    with pytest.raises(SystemExit, match="2"):
        run("train", "--config=smoke", "--workdir=")

    assert "`--workdir` must be a path. Received" in capsys.readouterr().err


def test_help_has_every_field_with_text_and_default(run, capsys):
    with pytest.raises(SystemExit, match="0"):
        run("train", "--help")

    shown = capsys.readouterr().out
    names = [f.name for f in dataclasses.fields(TrainConfig) if f.name != "terms"]
    fields = {f.name for kind in KINDS.values() for f in dataclasses.fields(kind)}
    for name in (*names, *(f"terms.NAME.{field}" for field in fields)):
        option = rf"^  --config\.{re.escape(name)} [NX]"
        assert len(re.findall(option, shown, re.M)) == 1, name
    text = " ".join(shown.split())
    assert "Factor of the total-variation loss (default: 0.05)" in text
    # Without a default.
    assert "Folder of photos, searched recursively --config" in text
    assert "\nLoss:\n" in shown
    assert "\nTraining:\n" in shown
    assert "\nTerms:\n" in shown
