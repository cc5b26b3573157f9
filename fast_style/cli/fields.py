"""Config fields as arguments of commands."""

import dataclasses

from fast_style.config.fields import describe_fields
from fast_style.config.fields import parse_field
from fast_style.config.loss_config import list_fields
from fast_style.config.loss_terms import KINDS
from fast_style.config.term_overrides import PREFIX

# What the help writes in place of a term's name.
_NAME = f"{PREFIX}NAME."
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
    _add_groups(parser, (config_class,), prefix, note)
    note = "Give the term's own name in place of NAME."
    _add_groups(parser, KINDS.values(), f"{prefix}{_NAME}", note)


def _add_groups(parser, config_classes, prefix, note):
    fields, groups = {}, {}
    for config_class in config_classes:
        fields |= {field.name: field for field in dataclasses.fields(config_class)}
        groups |= describe_fields(config_class)
    for title, texts in groups.items():
        if not texts:
            continue
        name, _, meaning = title.partition(": ")
        meaning = f"{meaning[:1].upper()}{meaning[1:]}. {note}"
        group = parser.add_argument_group(name, meaning)
        for name, text in texts.items():
            field = fields[name]
            if field.type in _METAVARS:  # Terms have groups of their own.
                group.add_argument(
                    f"--{prefix}{name}",
                    dest=f"{prefix}{name}",
                    metavar=_METAVARS[field.type],
                    help=_describe(text, field.default if field.init else None),
                )


def _describe(text, default):
    text = text.rstrip(".").replace("%", "%%")
    if default is dataclasses.MISSING or default is None:
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
        Dict from field to text, of those that are given. The NAME of the help is
        among them, for which `merge_terms` finds no term.
    """
    given = {
        option.removeprefix(prefix): text
        for option, text in vars(arguments).items()
        if option.startswith(prefix) and text is not None
    }
    of_help = (name for name in given if name.startswith(_NAME))
    names = (*list_fields(config_class), *of_help)
    return {name: given[name] for name in names if name in given}


def read_fields(config_class, arguments) -> dict:
    """Returns what a command line gives for the fields of a config.

    Args:
        config_class: As for `add_fields`.
        arguments: What `argparse` made of the command line; in its `overrides` are the
            words that are for single terms.

    Returns:
        Dict from field to value, of those that are given. Fields of single
        terms, such as `terms.style.weight`, are texts.

    Raises:
        ValueError: If a value is not of its field's type.
    """
    fields = list_fields(config_class)
    values = read_texts(config_class, arguments)
    for name, text in values.items():
        if not name.startswith(PREFIX):
            values[name] = parse_field(fields[name], text)
    for word in arguments.overrides:
        name, equals, text = word.removeprefix("--").partition("=")
        if not (word.startswith(f"--{PREFIX}") and equals):
            raise ValueError(
                f"Fields of terms are written --{PREFIX}NAME.FIELD=VALUE. "
                f"Received: {word}"
            )
        values[name] = text
    return values
