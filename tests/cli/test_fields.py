import dataclasses
import re

import pytest

from fast_style.cli.arguments import Parser
from fast_style.cli.fields import add_fields
from fast_style.cli.fields import read_fields
from fast_style.cli.fields import read_texts
from fast_style.config.loss_config import LossConfig
from fast_style.config.loss_terms import KINDS


@dataclasses.dataclass(kw_only=True)
class Config(LossConfig):
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
    arguments, arguments.overrides = parser.parse_known_args(words)
    return arguments


def test_help_has_title_texts_and_defaults():
    parser = Parser("program")
    add_fields(parser, Config, prefix="config.", note="With commas.")

    _, _, shown = parser.format_help().partition("Things:\n")
    shown, _, _ = shown.partition("\n\nTerms:\n")

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


class TestTerms:
    def test_help_has_each_field_once_and_says_which_kind_has_it(self):
        parser = Parser("program")
        add_fields(parser, Config, prefix="config.", note="With commas.")

        shown = parser.format_help()

        for term_class in KINDS.values():
            for field in dataclasses.fields(term_class):
                option = rf"^  --config\.terms\.NAME\.{field.name} [NX]"
                assert len(re.findall(option, shown, re.M)) == 1, field.name
        titles = re.findall(r"^(\w.*):$", shown, re.M)
        assert titles[-4:] == ["Things", "Terms", "Style terms", "Content terms"]
        assert not re.search(r"^  --config\.terms ", shown, re.M)

    def test_defaults_are_those_of_a_term(self):
        parser = Parser("program")
        add_fields(parser, Config)

        text = " ".join(parser.format_help().split())

        assert "its square root (default: l2)" in text
        assert "equal, with sum 1 (default: empty)" in text
        # Of these there is none.
        assert "--terms.NAME.kind NAME `style` or `content` --terms" in text
        assert re.search(r"--terms\.NAME\.layers NAME,NAME [^(]* --terms", text)

    def test_their_fields_stay_texts_beside_values_of_others(self):
        words = ["--terms.motifs.weight=3", "--share=1", "--terms.a.layers=x, y=z"]

        assert read_fields(Config, parse(words)) == {
            "share": 1.0,
            "terms.motifs.weight": "3",
            "terms.a.layers": "x, y=z",
        }

    def test_the_name_of_the_help_is_one_as_others_are(self):
        words = ["--terms.NAME.weight=3", "--config.terms.NAME.kind", "style"]

        assert read_fields(Config, parse(words[:1])) == {"terms.NAME.weight": "3"}
        arguments = parse(words[1:], prefix="config.")
        texts = read_texts(Config, arguments, prefix="config.")
        assert texts == {"terms.NAME.kind": "style"}

    @pytest.mark.parametrize(
        "words",
        [["--terms.a.weight"], ["--terms.a.weight", "3"], ["terms.a.weight=3"], ["3"]],
        ids=str,
    )
    def test_words_that_set_nothing_are_refused(self, words):
        with pytest.raises(
            ValueError, match=rf"--terms\.NAME\.FIELD=VALUE\. Received: {words[0]}$"
        ):
            read_fields(Config, parse(words))
