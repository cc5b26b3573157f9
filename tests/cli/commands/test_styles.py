import dataclasses

import pytest

import fast_style
from fast_style.models.architectures import ARCHITECTURES
from fast_style.models.conditions import Conditions
from fast_style.models.generator import build_generator
from fast_style.models.saving import save_generator


def test_lists_the_bundled_ones(run, capsys):
    assert run("styles") == 0
    lines = capsys.readouterr().out.splitlines()
    names = [*fast_style.list_styles(), *fast_style.list_collections()]
    assert [line.split()[0] for line in lines] == names
    assert "any (with --style_image=PICTURE)" in lines
    assert "paintings16 (with --name=NAME, of composition_vii, " in lines[-1]


@pytest.mark.parametrize("words", [["--nonsense"], ["starry_night", "nonsense"]])
def test_unknown_words_are_refused(run, words, capsys):
    with pytest.raises(SystemExit, match="2"):
        run("styles", *words)

    expected = f"fast-style styles: unrecognized arguments: {words[-1]}\n"
    assert capsys.readouterr().err == expected


def test_a_style_that_is_none_is_an_error(run, capsys):
    assert run("styles", "nonsense") == 1
    assert "`style` must be a bundled style" in capsys.readouterr().err


def test_a_file_of_one_style_has_one(run, capsys):
    assert run("styles", "starry_night") == 0
    assert capsys.readouterr().out == "starry_night\n"


def test_lists_those_of_a_file(run, capsys, tmp_path):
    conditions = Conditions(names=("wave", "night"))
    architecture = dataclasses.replace(ARCHITECTURES["tiny"], num_conditions=2)
    generator = build_generator("tiny", architecture=architecture)
    generator.conditions = conditions
    save_generator(generator, tmp_path / "two.keras")

    assert run("styles", str(tmp_path / "two.keras")) == 0
    assert capsys.readouterr().out == "wave\nnight\n"
