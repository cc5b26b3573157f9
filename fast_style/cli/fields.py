"""Config fields as arguments of commands."""

import dataclasses
import logging as basic_logging

from absl import logging

from fast_style.config.fields import parse_field


def show_log() -> None:
    """Shows what the library says while it works, without level, time and line."""
    basic_logging.basicConfig(format="%(message)s")
    logging.set_verbosity(logging.INFO)


def read_fields(config, arguments) -> dict:
    """Reads the fields of a config that a command line names.

    Args:
        config: A dataclass; each of its fields is an argument.
        arguments: What `argparse` made of the command line.

    Returns:
        Dict from field to value, of those that are given.

    Raises:
        ValueError: If a value is not of its field's type.
    """
    return {
        field.name: parse_field(field, text)
        for field in dataclasses.fields(config)
        if (text := getattr(arguments, field.name)) is not None
    }
