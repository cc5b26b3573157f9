"""The fields of the config dataclasses: their types, texts, names and help."""

import dataclasses
import difflib
import functools
import inspect
import os
import re
import typing

from fast_style.io.files import expand_home


def parse_field(field: dataclasses.Field, text: str):
    """Returns the value of a field that is given as text, as on the command line.

    Args:
        field: Of a config, as `dataclasses.fields` lists it.
        text: A number or word; for a tuple several, with commas between them and
            with or without brackets around them.

    Raises:
        ValueError: If the text is not of the field's type.
    """
    item_type, is_tuple = _get_type(field)
    try:
        if not is_tuple:
            return item_type(text)
        items = text.strip().strip("()[]").split(",")
        items = [item.strip().strip("'\"") for item in items]
        return tuple(item_type(item) for item in items if item)
    except ValueError:
        kind = {int: "a whole number", float: "a number"}[item_type]
        if is_tuple:
            kind = "numbers with commas between them, such as 1,0.5"
        raise ValueError(
            f"`{field.name}` must be {kind}. Received: {field.name}={text!r}"
        ) from None


def convert_field(field: dataclasses.Field, value):
    """Returns a value from Python code as the type of a field.

    Args:
        field: Of a config.
        value: Of the field's type; integers become floats, lists become tuples, and
            a single item or a text with commas becomes a tuple too.

    Raises:
        TypeError: If the value has another type.
    """
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    item_type, is_tuple = _get_type(field)
    if not is_tuple:
        return _convert_item(field, item_type, value)
    if isinstance(value, str) and item_type is str:
        value = parse_field(field, value)
    if not isinstance(value, list | tuple):
        value = (value,)
    return tuple(_convert_item(field, item_type, item) for item in value)


def _get_type(field):
    is_tuple = typing.get_origin(field.type) is tuple
    return (typing.get_args(field.type)[0] if is_tuple else field.type), is_tuple


def _convert_item(field, expected, value):
    if expected is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not expected:
        raise TypeError(
            f"`{field.name}` must be of type {expected.__name__}. "
            f"Received: {field.name}={value!r}"
        )
    # Of all texts only paths begin so.
    return expand_home(value) if expected is str else value


def describe_fields(config_class) -> dict[str, dict[str, str]]:
    """Returns what the docstrings of a config class say about its fields.

    Args:
        config_class: A config dataclass.

    Returns:
        For each class from the base to `config_class`, named by its title (the
        first line of its docstring), a dict from field to description.
    """
    names = {field.name for field in dataclasses.fields(config_class)}
    groups = {}
    for each in reversed(config_class.__mro__[:-1]):
        doc = inspect.cleandoc(each.__doc__ or "")
        title, _, rest = doc.partition("\n")
        _, _, attributes = rest.partition("Attributes:\n")
        entries = re.findall(r"^ {4}(\w+): (.*(?:\n {5,}.*)*)", attributes, re.M)
        texts = {name: " ".join(text.split()) for name, text in entries}
        groups[title.rstrip(".")] = {n: t for n, t in texts.items() if n in names}
    return groups


def check_field_names(config_class):
    """Decorates a config so that it answers an unknown field with the nearest one.

    Args:
        config_class: A dataclass whose fields are all keyword-only.

    Returns:
        The same class, which raises a TypeError for a field that it does not have.
    """
    build = config_class.__init__
    names = config_class.__dataclass_fields__

    @functools.wraps(build)
    def build_checked(self, **fields):
        for name in fields:
            if name not in names:
                raise TypeError(f"There is no field {name!r}.{suggest(name, names)}")
        build(self, **fields)

    config_class.__init__ = build_checked
    return config_class


def suggest(name: str, known) -> str:
    """Returns " Did you mean ...?" with the nearest known name, or an empty text."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f" Did you mean {close[0]!r}?" if close else ""
