"""Fields of single terms of a loss, as the command line and options give them."""

import dataclasses

from fast_style.config.fields import parse_field
from fast_style.config.fields import suggest
from fast_style.config.loss_terms import convert_terms
from fast_style.config.loss_terms import EVERY
from fast_style.config.loss_terms import find_fields
from fast_style.config.loss_terms import KINDS
from fast_style.config.loss_terms import LossTerm

PREFIX = "terms."


def merge_terms(fields: dict, terms: dict[str, LossTerm]) -> dict:
    """Returns fields of a config in which those of single terms are put together.

    Args:
        fields: Dict from field to value; `terms.NAME.FIELD` is one of a single term,
            `terms.all.FIELD` of every term that has it, as text or of its type.
        terms: The terms of the config that the fields are added to.

    Returns:
        The other fields, and `terms` if there were any, for `convert_terms`.

    Raises:
        ValueError: If a field does not exist or a text is not of its type.
    """
    changes = {}
    for path in [path for path in fields if path.startswith(PREFIX)]:
        name, _, field = path.removeprefix(PREFIX).partition(".")
        changes.setdefault(name, {})[field] = fields[path]
    others = {k: v for k, v in fields.items() if not k.startswith(PREFIX)}
    if not changes:
        return others
    terms = convert_terms(others.get("terms", terms))
    merged = {name: dataclasses.asdict(term) for name, term in terms.items()}
    for field, value in changes.pop(EVERY, {}).items():
        having = [name for name, term in merged.items() if field in term]
        if not having or field == "kind":
            raise ValueError(f"No term has a field {field!r} that could be set.")
        for name in having:  # What is said of one term counts more.
            changes[name] = {field: value, **changes.get(name, {})}
    for name, change in changes.items():
        if name not in merged and not {"kind", "layers"} <= change.keys():
            hint = suggest(name, merged) or (
                f" To add a term, give `terms.{name}.kind` and `terms.{name}.layers`."
            )
            raise ValueError(
                f"There is no term {name!r}, but {', '.join(merged)}.{hint}"
            )
        merged[name] = _change_term(name, merged.get(name, {}), change)
    return {**others, "terms": merged}


def _change_term(name, term, change):
    kind = change.get("kind", term.get("kind"))
    if kind not in KINDS:
        return {**term, **change}  # Of which `convert_terms` tells what is wrong.
    fields = find_fields(name, KINDS[kind], change)
    term = {key: value for key, value in term.items() if key in fields}
    if "layers" in change:  # The weights that were there belong to other layers.
        term["layer_weights"] = ()
    if change.get("network", term.get("network")) != term.get("network"):
        term["network_weights"] = ""  # And these to another network.
    try:
        parsed = {
            key: parse_field(fields[key], value) if isinstance(value, str) else value
            for key, value in change.items()
        }
    except ValueError as error:
        raise ValueError(f"`terms.{name}`: {error}") from None
    return {**term, **parsed}
