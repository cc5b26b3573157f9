import pytest


def test_prints_the_difference(run, trained_run, tmp_path, capsys):
    code = run("export", "--style", trained_run, "--output", tmp_path / "export")

    assert code == 0
    assert "largest difference from the Keras model:" in capsys.readouterr().out
    assert (tmp_path / "export" / "saved_model.pb").is_file()


@pytest.mark.parametrize("option", ["--style", "--run"])
def test_nothing_to_export_is_one_line(run, tmp_path, capsys, option):
    assert run("export", option, tmp_path, "--output", tmp_path / "export") == 1

    error = capsys.readouterr().err
    assert "`style` must be" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    "words", [["--style=", "--output=x"], ["--run=", "--output=x"]]
)
def test_an_empty_style_is_refused(run, words, capsys):
    with pytest.raises(SystemExit, match="2"):
        run("export", *words)

    assert "`--style` must be a path. Received" in capsys.readouterr().err


def test_help_says_that_run_is_the_older_name(run, capsys):
    with pytest.raises(SystemExit, match="0"):
        run("export", "--help")

    assert "--run is an older name" in " ".join(capsys.readouterr().out.split())
