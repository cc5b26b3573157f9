"""What the command line adds to `argparse`."""

import argparse
import difflib
import functools
import re

from fast_style.io.files import check_path
from fast_style.io.files import expand_home


class Parser(argparse.ArgumentParser):
    """Answers mistakes in one line; knows no abbreviations of options."""

    def __init__(self, *args, **options):
        super().__init__(*args, **{"allow_abbrev": False, **options})

    def error(self, message):
        self.exit(2, f"{self.prog}: {message}\n")

    def refuse(self, words: list[str]) -> None:
        """Ends the process, as some words of the command line are unknown.

        Args:
            words: Those that `parse_known_args` left over.
        """
        options = [
            option
            for action in self._actions
            for option in action.option_strings
            if action.help is not argparse.SUPPRESS
        ]
        # Fields are found without their prefix too.
        names = {option.lstrip("-").rpartition(".")[2]: option for option in options}
        word = next((word for word in words if word.startswith("-")), "")
        name = word.partition("=")[0].lstrip("-")
        close = difflib.get_close_matches(name, list(names), n=1)
        hint = f". Did you mean {names[close[0]]}?" if close else ""
        self.error(f"unrecognized arguments: {' '.join(words)}{hint}")


# A name may be a path, and a path of Windows begins with a letter and a colon.
_NAME_AND_WEIGHT = re.compile(r"((?:[A-Za-z]:[\\/])?[^:]*[^:\s]\s*):(\s*\S.*)")


def add_path(parser, *names: str, **options) -> None:
    """Adds an argument that is a path and may not be empty.

    Args:
        parser: Of the command.
        *names: Of the argument, such as `"--output"`.
        **options: As for `add_argument`.
    """
    parse = functools.partial(_parse_path, names[0])
    parser.add_argument(*names, type=parse, **options)


def _parse_path(name, text):
    try:
        check_path(name, text)
        return expand_home(text)
    except ValueError as error:
        # An `ArgumentTypeError` would have the name put before it a second time.
        raise argparse.ArgumentError(None, str(error)) from None


def parse_bytes(text: str) -> int | str:
    """Reads a number of bytes, such as `2GiB`, `500MB` or `1000000`, or `auto`.

    Raises:
        ValueError: If it is none.
    """
    if text == "auto":
        return text
    match = re.fullmatch(r"(\d+(?:\.\d+)?) ?([kMGT]?)(i?)B?", text)
    if not match:
        raise ValueError(f"Expected bytes, such as 2GiB. Received: {text!r}")
    number, prefix, is_binary = match.groups()
    base = 1024 if is_binary else 1000
    return int(float(number) * base ** " kMGT".index(prefix or " "))


def parse_tile(text: str) -> str | int | None:
    """Reads the rows of a strip: a number, `auto` or `none`."""
    if text in ("auto", "none"):
        return "auto" if text == "auto" else None
    return int(text)


def parse_names(text: str) -> list[str]:
    """Reads names with commas between, each once, in their order.

    Raises:
        ValueError: If there is none.
    """
    names = [name.strip() for name in text.split(",")]
    if not all(names):
        raise ValueError(f"Expected names with commas between. Received: {text!r}")
    return list(dict.fromkeys(names))


def parse_mixture(text: str) -> dict[str, float | str]:
    """Reads names and weights, such as `wave:0.7,night:0.3` or `wave:where.png`.

    Returns:
        Dict from names to numbers, or paths of pictures.

    Raises:
        ValueError: If it is none.
    """
    mixture = {}
    for item in text.split(","):
        found = _NAME_AND_WEIGHT.fullmatch(item.strip())
        if not found or found[1] in mixture:
            raise ValueError(f"Expected NAME:WEIGHT,... Received: {text!r}")
        name, weight = found[1].strip(), found[2].strip()
        is_number = re.fullmatch(r"\d*\.?\d+", weight)
        mixture[name] = float(weight) if is_number else weight
    return mixture


def parse_size(text: str) -> tuple[int, int]:
    """Reads a height and a width, such as `480x640`.

    Raises:
        ValueError: If it is none.
    """
    match = re.fullmatch(r"(\d+)x(\d+)", text)
    if not match:
        raise ValueError(f"Expected HxW, such as 480x640. Received: {text!r}")
    return int(match[1]), int(match[2])
