import pathlib
import traceback

import pytest

from fast_style.config.config_files import list_configs
from fast_style.config.config_files import read_config
from fast_style.config.loss_terms import StyleTerm

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
    config = read_config(name, [])

    assert config.style_image or config.style_images


def test_overrides_have_the_type_of_the_field():
    config = read_config(
        "smoke",
        [
            "--config.style_weight=3",
            "--config.num_steps=7",
            "--config.coco_categories=('dog', 'traffic light')",
            "--config.coco_annotations=instances.json",
            "--config.train_images=my photos/all of them",
        ],
    )

    assert config.style_weight == 3.0
    assert isinstance(config.style_weight, float)
    assert config.num_steps == 7
    assert config.coco_categories == ("dog", "traffic light")
    assert config.train_images == "my photos/all of them"


def test_overrides_of_a_term_leave_all_else_as_the_file_has_it():
    config = read_config(
        "smoke",
        [
            "--config.terms.style.layers=('relu1_1', 'relu1_2')",
            "--config.terms.style.weight=3",
            "--config.terms.content.padding=zeros",
            "--config.seed=7",
        ],
    )

    expected = read_config("smoke", ["--config.seed=7"])
    expected.terms["style"].layers = ("relu1_1", "relu1_2")
    expected.terms["style"].weight = 3.0
    expected.terms["content"].padding = "zeros"
    assert config == expected


def test_an_override_of_all_terms_is_one_of_each_that_has_the_field():
    config = read_config(
        "smoke", ["--config.terms.all.network=vgg19", "--config.terms.all.distance=l2"]
    )

    assert [term.network for term in config.terms.values()] == ["vgg19", "vgg19"]
    assert config.terms["style"].distance == "l2"


def test_overrides_add_a_term():
    config = read_config(
        "smoke",
        [
            "--config.terms.motifs.kind=style",
            "--config.terms.motifs.network=squeezenet",
            "--config.terms.motifs.layers=fire3,fire4",
        ],
    )

    motifs = StyleTerm(network="squeezenet", layers=("fire3", "fire4"))
    expected = {**read_config("smoke", []).terms, "motifs": motifs}
    assert config.terms == expected
    assert list(config.terms) == ["content", "style", "motifs"]


def test_of_two_overrides_of_a_field_the_last_counts():
    overrides = [f"--config.terms.style.weight={number}" for number in (2, 3)]

    assert read_config("smoke", overrides).terms["style"].weight == 3.0


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
        ("--config.terms", r"a field at a time.*\.NAME\.FIELD=VALUE"),
        ("--config.terms=3", r"a field at a time.*\.NAME\.FIELD=VALUE"),
        ("--config.terms.style.weight", r"--config\.FIELD=VALUE\. Received: --config"),
        ("--config.terms.styel.weight=3", r"\. Did you mean 'style'\?$"),
        ("--config.terms.nope.weight=3", "To add a term, give `terms.nope.kind` and"),
        ("--config.terms.style.wieght=3", r"\. Did you mean 'weight'\?$"),
        ("--config.terms.content.distance=l2", "'distance' in the content term"),
        ("--config.terms.style.weight=much", "`terms.style`: `weight` must be a num"),
        ("--config.terms.style.layers=relu9_9", "`terms.style`: `layers` must be"),
        ("--config.terms.style=relu1_1", "no field '' in the style term `terms.style`"),
        ("--terms.style.weight=3", "--config.FIELD=VALUE"),
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
