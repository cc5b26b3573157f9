"""Configs to JSON and back."""

import dataclasses
import json
import os

from fast_style.config.fields import suggest
from fast_style.config.train_config import TrainConfig


def to_json(config: TrainConfig) -> str:
    """Returns a config as JSON, a field per line."""
    fields = dataclasses.asdict(config)
    return json.dumps(fields, indent=2, default=os.fspath) + "\n"


def from_json(text: str) -> TrainConfig:
    """Returns the config that `to_json` wrote.

    Raises:
        ValueError: If the text is not a JSON object, or a field is unknown or has
            an impossible value.
    """
    fields = read_fields(text)
    known = [field.name for field in dataclasses.fields(TrainConfig)]
    for name in fields:
        if name not in known:
            raise ValueError(f"Unknown field: {name!r}.{suggest(name, known)}")
    return TrainConfig(**fields)


def read_fields(text: str) -> dict:
    """Returns the fields of a config in JSON, unchecked.

    Raises:
        ValueError: If the text is not a JSON object.
    """
    try:
        fields = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"A config in JSON cannot be read: {error}") from None
    if not isinstance(fields, dict):
        raise ValueError(
            "A config in JSON must be an object, from field to value. "
            f"Received: {type(fields).__name__}"
        )
    return fields
