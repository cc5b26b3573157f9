import dataclasses

import pytest

from fast_style.config.loss_config import LossConfig
from fast_style.config.loss_terms import KINDS

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


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--terms.motifs.weight"], "written --terms.NAME.FIELD=VALUE. Received: --te"),
        (["--terms.motifs.weight", "3"], "Received: --terms.motifs.weight\n"),
        (["--terms.motifs.weight=3", "--nope=3"], "Received: --nope=3\n"),
    ],
)
def test_a_mistake_in_a_term_is_one_line(run, words, message, capsys):
    paths = [f"{key}={value}" for key, value in PATHS.items()]

    assert run("evaluate", *paths, *words) == 1

    error = capsys.readouterr().err
    assert error.startswith("fast-style evaluate: ")
    assert message in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--terms.styel.weight=3", "Did you mean 'style'?"),
        ("--terms.style.wieght=3", "Did you mean 'weight'?"),
        ("--terms.style.weight=-1", "`terms.style`: `weight` must be at least 0"),
    ],
)
def test_terms_are_those_of_the_training(
    run, trained_run, photo_path, words, message, tmp_path, capsys
):
    paths = ("--style", trained_run, "--images", photo_path.parent)

    assert run("evaluate", *paths, "--workdir", tmp_path / "report", words) == 1

    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("option", ["--config.terms.motifs.weight=3", "--term.a.b=3"])
def test_other_words_are_none_of_a_term(run, option, capsys):
    words = [f"{key}={value}" for key, value in PATHS.items()]

    with pytest.raises(SystemExit, match="2"):
        run("evaluate", *words, option)

    error = capsys.readouterr().err
    assert f"unrecognized arguments: {option}" in error
    assert error.count("\n") == 1


def test_help_has_every_field_of_the_loss_and_of_terms_once(run, capsys):
    with pytest.raises(SystemExit, match="0"):
        run("evaluate", "--help")

    shown = capsys.readouterr().out
    names = [f.name for f in dataclasses.fields(LossConfig) if f.name != "terms"]
    fields = {f.name for kind in KINDS.values() for f in dataclasses.fields(kind)}
    for name in (*names, *(f"terms.NAME.{field}" for field in fields)):
        assert shown.count(f"\n  --{name} ") == 1, name
