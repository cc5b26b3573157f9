import subprocess
import sys

import pytest

import fast_style
from fast_style.models import catalog

COMMANDS = (
    "stylize", "styles", "coco", "train", "runs", "optimize", "evaluate", "export",
    "distill", "demo",
)  # fmt: skip


def test_version(run, capsys):
    with pytest.raises(SystemExit, match="0"):
        run("--version")
    assert capsys.readouterr().out.strip() == fast_style.__version__


def test_help_lists_the_commands(run, capsys):
    with pytest.raises(SystemExit, match="0"):
        run("--help")

    shown = capsys.readouterr().out
    assert all(f"\n    {name} " in shown for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_argument_has_help(run, name, capsys):
    with pytest.raises(SystemExit, match="0"):
        run(name, "--help")

    lines = capsys.readouterr().out.split("options:\n")[1].splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("  -"):
            has_text = "  " in line.strip()
            assert has_text or following.startswith(" " * 20), line


def test_another_pipe_that_breaks_is_an_error(run, capsys, monkeypatch):
    def fail():
        raise BrokenPipeError("of an encoder")

    monkeypatch.setattr(fast_style, "list_styles", fail, raising=False)

    assert run("styles") == 1
    assert "of an encoder" in capsys.readouterr().err


def test_a_reader_that_has_enough_gets_no_error():
    command = [sys.executable, "-m", "fast_style.cli", "styles"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()  # As `head` does.
        error = process.stderr.read()

    assert (error, process.returncode) == (b"", 141)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "the following arguments are required: command"),
        (["stylise"], "invalid choice: 'stylise'"),
        (["stylize", "a.png"], "the following arguments are required: --output"),
        (["stylize", "a.png", "--out=b.png"], "--output"),  # No abbreviations.
        (["demo", "--outptu=b"], "Did you mean --output?"),
        (["coco", "--annotations=a", "--output=b", "--num_images=x"], "'x'"),
    ],
)
def test_mistakes_on_the_command_line_are_one_line(run, words, message, capsys):
    with pytest.raises(SystemExit, match="2"):
        run(*words)

    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("words", [["runs", "nowhere"], ["runs", "--debug", "nowhere"]])
def test_an_error_of_the_user_is_a_line_and_with_debug_a_traceback(
    run, words, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)

    assert run(*words) == 1

    error = capsys.readouterr().err
    assert error.splitlines()[-1].startswith("fast-style runs: ")
    assert ("Traceback" in error) == ("--debug" in words)
    assert error.count("\n") == 1 or "--debug" in words


def test_debug_may_stand_before_the_command(run, tmp_path, capsys):
    assert run("--debug", "runs", tmp_path / "nowhere") == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_bug_is_shown_whole_and_not_as_an_error_of_the_user(run, capsys, monkeypatch):
    monkeypatch.setattr(catalog, "FOLDER", None)  # As if we had forgotten a case.

    assert run("styles") == 70

    error = capsys.readouterr().err
    assert error.startswith("Traceback")
    assert "catalog.py" in error
    assert error.splitlines()[-1] == (
        "This is a bug in fast_style; please report it with the lines above."
    )


@pytest.mark.parametrize(
    "words",
    [
        ["-m", "fast_style.cli"],
        ["-c", "import sys, fast_style.cli; sys.exit(fast_style.cli.main())"],
    ],
)
def test_runs_as_a_module_and_by_its_lazy_name(words):
    process = subprocess.run(
        [sys.executable, *words, "styles"], capture_output=True, text=True, check=True
    )

    lines = process.stdout.splitlines()
    assert lines[: len(fast_style.list_styles())] == fast_style.list_styles()
    assert process.stderr == ""


def test_help_and_mistakes_do_not_wait_for_tensorflow():
    code = (
        "import sys\n"
        "from fast_style.cli import main\n"
        "code = main(['train', '--config=smoke', '--workdir=w', '--config.x=1'])\n"
        "heavy = {'tensorflow', 'keras', 'matplotlib', 'scipy'} & set(sys.modules)\n"
        "print(code, *heavy)\n"
    )

    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert process.stdout == "1\n"
