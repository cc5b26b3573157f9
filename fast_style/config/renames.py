"""Config fields and values that had other names in earlier versions.

Configs of users, `config.json` of workdirs and of bundled styles, and flags of the
command line may have the old ones.
"""

import functools
import warnings

from fast_style.config.fields import suggest

RENAMED_FIELDS = {"loss_shift": "loss_jitter"}
_RENAMED_VALUES = {"style_distance": {"plain": "l2"}}


def rename(fields: dict, network: str = "pocket") -> tuple[dict, list[str]]:
    """Returns config fields under the names that they have now.

    Args:
        fields: Dict from field to value, as someone gave them. Weights without a
            loss network, where the pocket one would be taken, are meant for VGG16,
            which was the default.
        network: The loss network of the config that these fields are added to.

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
    return _rename_network(renamed, network, notes), notes


def _rename_network(fields, network, notes):
    weights = fields.get("loss_network_weights", "")
    if weights == "pocket":
        notes.append(
            "`loss_network_weights='pocket'` is called `loss_network='pocket'` now."
        )
        return {**fields, "loss_network": "pocket", "loss_network_weights": ""}
    is_pocket = fields.get("loss_network", network) == "pocket"
    is_named = "loss_network" in fields
    # With the name of the network, an `.npz` file may be one of its own.
    if weights and is_pocket and (not is_named or _are_of_vgg(weights)):
        notes.append(
            f"`loss_network_weights={weights!r}` is taken as weights of VGG16. Say so "
            "with `loss_network='vgg16'`."
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
        self.__dict__.update(rename(state)[0])

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
