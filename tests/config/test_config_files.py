import pathlib
import traceback

import pytest

from fast_style.config.config_files import list_configs
from fast_style.config.config_files import read_config

MINE = """
from fast_style.config import TrainConfig

def get_config():
    return TrainConfig(style_image='a', train_images='b', seed=42)
"""


@pytest.fixture
def write(tmp_path):
    """Writes a config file and returns its path."""

    def write(text):
        path = tmp_path / "mine.py"
        path.write_text(text)
        return str(path)

    return write


def test_a_path_and_a_name_find_a_file(write):
    assert read_config(write(MINE), []).seed == 42
    assert read_config("smoke", []).generator == "tiny"


@pytest.mark.parametrize("name", list_configs())
def test_bundled_configs_are_possible(name):
    assert read_config(name, []).style_image


def test_overrides_have_the_type_of_the_field():
    config = read_config(
        "smoke",
        [
            "--config.style_weight=3",
            "--config.num_steps=7",
            "--config.style_layers=('relu1_1', 'relu1_2')",
            "--config.train_images=my photos/all of them",
        ],
    )

    assert config.style_weight == 3.0
    assert isinstance(config.style_weight, float)
    assert config.num_steps == 7
    assert config.style_layers == ("relu1_1", "relu1_2")
    assert config.train_images == "my photos/all of them"


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("--config.style_wieght=3", r"\. Did you mean 'style_weight'\?$"),
        ("--config.style_wieght", r"\. Did you mean 'style_weight'\?$"),
        ("--config.nope=3", r"no config field 'nope'\. `fast-style train --help`"),
        ("--config.num_steps=many", "num_steps='many'"),
        ("--config.num_steps=2.5", "num_steps='2.5'"),
        ("--config.num_steps", "--config.FIELD=VALUE"),
        ("--style_weight=3", "style_weight"),
        ("style_weight=3", "--config.FIELD=VALUE"),
    ],
)
def test_mistakes_are_explained(override, message):
    with pytest.raises(ValueError, match=message):
        read_config("smoke", ["--config.num_steps=4", override])


def test_a_training_of_few_steps_needs_no_word_about_the_warmup(write):
    config = read_config(write(MINE), ["--config.num_steps=3"])

    assert config.num_warmup_steps == 0


def test_an_unknown_config_lists_the_known_ones():
    with pytest.raises(ValueError, match=r"one of .*smoke.* Received: config='nope'"):
        read_config("nope", [])


class TestFilesThatFail:
    def test_one_without_a_config_is_explained(self, write):
        with pytest.raises(ValueError, match=r"a function `get_config\(\)`"):
            read_config(write("config = 3\n"), [])

    def test_one_that_returns_something_else_is_explained(self, write):
        with pytest.raises(ValueError, match=r"must return a .*Received: int from"):
            read_config(write("def get_config():\n    return 3\n"), [])

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("import os\n\n1 / 0\n", "mine.py, line 3: ZeroDivisionError: division"),
            ("x = (\n", "mine.py, line 1: SyntaxError: "),
            ("\nimport nowhere\n", "mine.py, line 2: ModuleNotFoundError: No module"),
            (MINE.replace("42", "-1"), r"mine.py, line 5: ValueError: `seed` must be"),
            (MINE.replace("seed", "sede"), r"mine.py, line 5: TypeError: .*'sede'"),
            ("def get_config():\n\n    return {}['a']\n", "mine.py, line 3: KeyError"),
        ],
    )
    def test_one_that_raises_is_told_with_file_and_line(self, write, text, message):
        path = write(text)

        with pytest.raises(ValueError, match=message) as error:
            read_config(path, [])

        assert str(error.value).startswith(path)
        assert "\n" not in str(error.value)

    def test_the_line_is_found_by_a_relative_path_too(self, write, monkeypatch):
        monkeypatch.chdir(pathlib.Path(write("\n\n1 / 0\n")).parent)

        with pytest.raises(ValueError, match=r"^mine.py, line 3: ZeroDivisionError"):
            read_config("mine.py", [])

    def test_the_whole_traceback_is_kept(self, write):
        path = write("def f():\n    return 1 / 0\n\nf()\n")

        with pytest.raises(ValueError, match="line 2") as error:
            read_config(path, [])

        lines = "".join(traceback.format_exception(error.value))
        assert f'{path}", line 4' in lines
        assert "ZeroDivisionError" in lines
