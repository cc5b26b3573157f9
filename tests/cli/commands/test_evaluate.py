import dataclasses

import pytest

from fast_style.config.loss_config import LossConfig

PATHS = {"--style": "s.keras", "--images": "photos", "--workdir": "report"}


@pytest.mark.parametrize("name", [*PATHS, "--style_image", "--train_images"])
def test_an_empty_path_is_refused(run, name, capsys):
    with pytest.raises(SystemExit, match="2"):
        run("evaluate", *(f"{k}={v}" for k, v in {**PATHS, name: ""}.items()))

    assert f"`{name}` must be a path. Received: {name}=''" in capsys.readouterr().err


def test_a_field_of_another_type_is_one_line(run, capsys):
    words = [f"{key}={value}" for key, value in PATHS.items()]

    assert run("evaluate", *words, "--tv_weight=little") == 1

    error = capsys.readouterr().err
    assert "`tv_weight` must be a number. Received: tv_weight='little'" in error
    assert error.count("\n") == 1


def test_help_has_every_field_of_the_loss(run, capsys):
    with pytest.raises(SystemExit, match="0"):
        run("evaluate", "--help")

    shown = capsys.readouterr().out
    for field in dataclasses.fields(LossConfig):
        assert f"  --{field.name} " in shown, field.name
