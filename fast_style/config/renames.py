"""Config fields and values that had other names in earlier versions.

Configs of users, `config.json` of workdirs and of bundled styles, and flags of the
command line may have the old ones.
"""

import dataclasses
import functools
import warnings

from fast_style.config.fields import suggest
from fast_style.config.loss_terms import convert_terms

RENAMED_FIELDS = {"loss_shift": "loss_jitter"}
_RENAMED_VALUES = {"style_distance": {"plain": "l2"}}
_BOTH = ("content", "style")
# Before a loss could have any number of terms it had these two, and these fields.
OLD_TERM_FIELDS = {
    "loss_network": (_BOTH, "network"),
    "loss_network_weights": (_BOTH, "network_weights"),
    "loss_network_pooling": (_BOTH, "pooling"),
    "loss_network_padding": (_BOTH, "padding"),
    "content_layers": (("content",), "layers"),
    "content_layer_weights": (("content",), "layer_weights"),
    "content_levels": (("content",), "levels"),
    "style_layers": (("style",), "layers"),
    "style_layer_weights": (("style",), "layer_weights"),
    "style_levels": (("style",), "levels"),
    "style_statistics": (("style",), "statistics"),
    "style_distance": (("style",), "distance"),
}
_OLD_TERMS = {
    "content": {
        "kind": "content",
        "network": "pocket",
        "layers": ("relu2_2",),
        "levels": (0.0, 0.25, 0.25, 1.0),
    },
    "style": {
        "kind": "style",
        "network": "pocket",
        "layers": ("relu1_1", "relu1_2", "relu2_1", "relu2_2"),
        "levels": (0.07, 0.31, 0.31, 0.31),
    },
}


def rename(fields: dict, terms: dict | None = None) -> tuple[dict, list[str]]:
    """Returns config fields under the names that they have now.

    Args:
        fields: Dict from field to value, as someone gave them.
        terms: The terms of the config that these fields are added to; None: of none.

    Returns:
        The same with new names, and a sentence about each change.
    """
    renamed, notes = {}, []
    # Old names last: `dataclasses.replace` gives all others under their new ones.
    for name, value in sorted(fields.items(), key=lambda f: f[0] in RENAMED_FIELDS):
        new = RENAMED_FIELDS.get(name, name)
        if new != name:
            notes.append(f"`{name}` is called `{new}` now.")
        values = _RENAMED_VALUES.get(new, {})
        if isinstance(value, str) and value in values:
            notes.append(f"`{new}={value!r}` is called {values[value]!r} now.")
            value = values[value]
        renamed[new] = value
    old = {name: renamed.pop(name) for name in OLD_TERM_FIELDS if name in renamed}
    if old:
        base = convert_terms(renamed.get("terms", terms or {}))
        renamed["terms"] = _fill_terms(old, base, notes)
    return renamed, notes


def _fill_terms(old, base, notes):
    base = {name: dataclasses.asdict(term) for name, term in base.items()}
    kinds = {name: term["kind"] for name, term in base.items()}
    if kinds != {name: name for name in _OLD_TERMS}:
        base = _OLD_TERMS
        notes.append(
            "The loss is taken to have two terms, `content` and `style`, on one "
            "network, as in earlier versions."
        )
    terms = {name: dict(base[name]) for name in _OLD_TERMS}
    given, old = old, _rename_network(old, terms["style"]["network"], notes)
    for kind in _BOTH:
        if f"{kind}_layers" in old:  # The weights that were there are of other layers.
            terms[kind]["layer_weights"] = ()
        if old.get("loss_network", terms[kind]["network"]) != terms[kind]["network"]:
            terms[kind]["network_weights"] = ""
    for name, value in old.items():
        kinds, field = OLD_TERM_FIELDS[name]
        for kind in kinds:
            terms[kind][field] = value
        if name in given:
            new = " and ".join(f"`terms.{kind}.{field}`" for kind in kinds)
            notes.append(f"`{name}` is called {new} now.")
    return terms


def _rename_network(fields, network, notes):
    weights = fields.get("loss_network_weights", "")
    if weights == "pocket":
        notes.append(
            "`loss_network_weights='pocket'` is called `loss_network='pocket'` now."
        )
        return {**fields, "loss_network": "pocket", "loss_network_weights": ""}
    is_pocket = fields.get("loss_network", network) == "pocket"
    is_named = "loss_network" in fields
    # Weights without a network, where the pocket one would be taken, are meant for
    # VGG16, which was the default. With its name, an `.npz` file may be its own.
    if weights and is_pocket and (not is_named or _are_of_vgg(weights)):
        notes.append(
            f"`loss_network_weights={weights!r}` is taken as weights of VGG16. Say so "
            "with `network='vgg16'`."
        )
        return {**fields, "loss_network": "vgg16"}
    return fields


def _are_of_vgg(weights):
    return str(weights).endswith(("imagenet", "random", ".h5", ".npy"))


def warn_of_renames(notes: list[str], *, stacklevel: int = 3) -> None:
    """Warns of old names, at the place in the caller's code that has them."""
    for note in notes:
        warnings.warn(note, FutureWarning, stacklevel=stacklevel)


def accept_old_names(config_class):
    """Lets a config dataclass take and answer to its old names, with a warning."""
    build = config_class.__init__
    names = config_class.__dataclass_fields__

    @functools.wraps(build)
    def build_from_any(self, **fields):
        fields, notes = rename(fields)
        warn_of_renames(notes)
        for name in fields:
            if name not in names:
                raise TypeError(f"There is no field {name!r}.{suggest(name, names)}")
        build(self, **fields)

    def restore(self, state):  # Of `pickle` and `copy`.
        fields = rename(state)[0]
        self.__dict__.update({**fields, "terms": convert_terms(fields["terms"])})

    config_class.__init__ = build_from_any
    config_class.__setstate__ = restore
    for old, new in RENAMED_FIELDS.items():
        if new in names:
            setattr(config_class, old, _make_alias(old, new))
    return config_class


def _make_alias(old, new):
    note = f"`{old}` is called `{new}` now."

    def get(self):
        warn_of_renames([note])
        return getattr(self, new)

    def put(self, value):
        warn_of_renames([note])
        setattr(self, new, value)

    return property(get, put)
