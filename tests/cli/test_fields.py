import dataclasses

import pytest

from fast_style.cli.arguments import Parser
from fast_style.cli.fields import add_fields
from fast_style.cli.fields import read_fields
from fast_style.cli.fields import read_texts
from fast_style.config.train_config import TrainConfig


@dataclasses.dataclass(kw_only=True)
class Config:
    """Things: what there is of them.

    Attributes:
        painting: What it is.
        share: In % of all.
        names: Of each; more than one
            is possible.
        note: Anything.
    """

    painting: str
    share: float = 0.5
    names: tuple[str, ...] = ("a", "b")
    note: str = ""


def parse(words, prefix=""):
    parser = Parser("program")
    add_fields(parser, Config, prefix=prefix)
    return parser.parse_args(words)


def test_help_has_title_texts_and_defaults():
    parser = Parser("program")
    add_fields(parser, Config, prefix="config.", note="With commas.")

    _, _, shown = parser.format_help().partition("Things:\n")

    assert [line.strip() for line in shown.splitlines()] == [
        "What there is of them. With commas.",
        "",
        "--config.painting NAME",
        "What it is",
        "--config.share X      In % of all (default: 0.5)",
        "--config.names NAME,NAME",
        "Of each; more than one is possible (default: a,b)",
        "--config.note NAME    Anything (default: empty)",
    ]


def test_values_have_the_types_of_the_fields():
    arguments = parse(["--names=(x, 'y')", "--share=1", "--note="])

    assert read_fields(Config, arguments) == {
        "names": ("x", "y"),
        "share": 1,
        "note": "",
    }


def test_texts_stay_texts():
    arguments = parse(["--config.share", "1"], prefix="config.")

    assert read_texts(Config, arguments, prefix="config.") == {"share": "1"}


def test_a_value_of_another_type_is_refused_by_name():
    with pytest.raises(ValueError, match="`share` must be a number"):
        read_fields(Config, parse(["--share=half"]))


def test_old_names_are_hidden_and_still_taken():
    parser = Parser("program")
    add_fields(parser, TrainConfig)

    assert "loss_shift" not in parser.format_help()
    arguments = parser.parse_args(["--loss_shift=3"])
    assert read_fields(TrainConfig, arguments) == {"loss_shift": 3}
