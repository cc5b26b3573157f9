"""Config fields as arguments of commands."""

import argparse
import dataclasses

from fast_style.config.fields import describe_fields
from fast_style.config.fields import parse_field
from fast_style.config.renames import RENAMED_FIELDS

_METAVARS = {
    str: "NAME",
    int: "N",
    float: "X",
    tuple[str, ...]: "NAME,NAME",
    tuple[float, ...]: "X,X",
}


def add_fields(parser, config_class, *, prefix: str = "", note: str = "") -> None:
    """Adds an option for each field of a config, with its docstring as help.

    Args:
        parser: Of the command.
        config_class: A config dataclass; options are grouped by its bases.
        prefix: What stands before the names, such as `"config."`.
        note: What is said below the title of each group.
    """
    fields = {field.name: field for field in dataclasses.fields(config_class)}
    for title, texts in describe_fields(config_class).items():
        name, _, meaning = title.partition(": ")
        meaning = f"{meaning[:1].upper()}{meaning[1:]}. {note}"
        group = parser.add_argument_group(name, meaning)
        for name, text in texts.items():
            group.add_argument(
                f"--{prefix}{name}",
                dest=f"{prefix}{name}",
                metavar=_METAVARS[fields[name].type],
                help=_describe(text, fields[name].default),
            )
    for old, new in RENAMED_FIELDS.items():
        if new in fields:
            option = f"{prefix}{old}"
            parser.add_argument(f"--{option}", dest=option, help=argparse.SUPPRESS)


def _describe(text, default):
    text = text.rstrip(".").replace("%", "%%")
    if default is dataclasses.MISSING:
        return text
    if isinstance(default, tuple):
        default = ",".join(map(str, default))
    return f"{text} (default: {'empty' if default == '' else default})"


def read_texts(config_class, arguments, *, prefix: str = "") -> dict[str, str]:
    """Returns what a command line gives for the fields of a config, as text.

    Args:
        config_class: As for `add_fields`.
        arguments: What `argparse` made of the command line.
        prefix: As for `add_fields`.

    Returns:
        Dict from field to text, of those that are given. Old names stay old.
    """
    given = vars(arguments)
    names = [field.name for field in dataclasses.fields(config_class)]
    return {
        name: given[f"{prefix}{name}"]
        for name in (*names, *RENAMED_FIELDS)
        if given.get(f"{prefix}{name}") is not None
    }


def read_fields(config_class, arguments) -> dict:
    """Returns what a command line gives for the fields of a config.

    Args:
        config_class: As for `add_fields`.
        arguments: What `argparse` made of the command line.

    Returns:
        Dict from field to value, of those that are given. Old names stay old.

    Raises:
        ValueError: If a value is not of its field's type.
    """
    fields = {field.name: field for field in dataclasses.fields(config_class)}
    return {
        name: parse_field(fields[RENAMED_FIELDS.get(name, name)], text)
        for name, text in read_texts(config_class, arguments).items()
    }
