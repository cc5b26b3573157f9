"""The terms that a loss is the sum of, as configs describe them."""

import dataclasses

from fast_style.config.checks import check_choices
from fast_style.config.checks import check_numbers
from fast_style.config.fields import convert_field
from fast_style.config.fields import suggest
from fast_style.losses.networks.registry import find_smallest_side
from fast_style.losses.networks.registry import NETWORKS

PADDINGS = ("zeros", "symmetric")
STYLE_DISTANCES = ("squared", "l2")
STYLE_STATISTICS = ("covariance", "gram")
NORMALIZATIONS = ("none", "instance")
EVERY = "all"  # Stands for every term on the command line.
_RESERVED = (EVERY, "step", "loss", "tv", "learning_rate", "gradient_norm", "seconds")


@dataclasses.dataclass(kw_only=True)
class LossTerm:
    """Terms: the network and the layers that each compares by.

    On the command line a field is given as `--config.terms.NAME.FIELD=VALUE`, with
    the name of the term, or `all` for every term that has the field. To add a term,
    give its `kind` and `layers` too; with a `weight` of 0 it is not computed.

    Attributes:
        kind: `style` or `content`.
        weight: Factor of the term, beside `style_weight` or `content_weight`.
        network: `vgg16` (bundled up to `relu5_1`), `vgg19`, `resnet50`, `squeezenet` or
            `pocket` (bundled; for styles of before, which imitates a faulty VGG16).
        network_weights: Empty: those that are bundled, or ImageNet's. For VGG and
            ResNet `imagenet` (downloaded once), `random`, or an `.h5` or `.npz` file,
            for VGG `.npy` too; for the others an `.npz` file, which `squeezenet`
            needs.
        pooling: `max` or `average`; the latter for VGG alone.
        padding: `zeros` as the network was trained, or `symmetric`, which shows it no
            edge at the border.
        layers: Layers of the network, such as `relu1_2` of VGG, `conv1_2` for the same
            before its ReLU, `fire4` of SqueezeNet or `layer2.1` of ResNet.
        layer_weights: A number for each; empty: equal, with sum 1.
        levels: Weight of the term at each pyramid level, beginning with full
            resolution.
    """

    kind: str = dataclasses.field(init=False)
    weight: float = 1.0
    network: str = "vgg16"
    network_weights: str = ""
    pooling: str = "max"
    padding: str = "symmetric"
    layers: tuple[str, ...]
    layer_weights: tuple[float, ...] = ()
    levels: tuple[float, ...] = (1.0,)

    def __post_init__(self):
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            setattr(self, field.name, convert_field(field, value))
        choices = {"network": tuple(NETWORKS), "padding": PADDINGS}
        check_choices(self, choices)
        check_choices(self, {"pooling": NETWORKS[self.network].poolings})
        check_numbers(self, dict.fromkeys(("weight", "layer_weights", "levels"), 0))
        if not self.levels:
            raise ValueError("`levels` must have at least one number. Received: ()")
        _check_layers(self)

    @property
    def num_levels(self) -> int:
        """Levels of the pyramid, up to the last one with a weight."""
        used = [level for level, weight in enumerate(self.levels, 1) if weight > 0]
        return max(used, default=1)

    @property
    def smallest_side(self) -> int:
        """Pixels that pictures need for the deepest layer on the last level."""
        return find_smallest_side(self.network, self.layers, self.num_levels)

    @property
    def weights_of_layers(self) -> dict[str, float]:
        """The weight of each layer."""
        equal = (1 / len(self.layers),) * len(self.layers)
        return dict(zip(self.layers, self.layer_weights or equal, strict=True))


@dataclasses.dataclass(kw_only=True)
class StyleTerm(LossTerm):
    """Style terms: compare textures with those of the painting.

    Attributes:
        statistics: `covariance` (and means) or `gram`.
        distance: `squared`, or `l2`: its square root.
        temperature: Activations are smoothed by a softmax over all channels and
            places at this temperature; 0: taken as they are. It belongs to the
            network: 1.5 is good for `resnet50`, and smoothing does not help others.
    """

    kind: str = dataclasses.field(default="style", init=False)
    statistics: str = "covariance"
    distance: str = "l2"
    temperature: float = 0.0

    def __post_init__(self):
        super().__post_init__()
        choices = {"statistics": STYLE_STATISTICS, "distance": STYLE_DISTANCES}
        check_choices(self, choices)
        check_numbers(self, {"temperature": 0})


@dataclasses.dataclass(kw_only=True)
class ContentTerm(LossTerm):
    """Content terms: compare activations with those of the photo.

    Attributes:
        normalization: `none`, or `instance`: each channel of each image is given mean
            0 and variance 1 before, so that colour and contrast are the style's.
    """

    kind: str = dataclasses.field(default="content", init=False)
    normalization: str = "none"

    def __post_init__(self):
        super().__post_init__()
        check_choices(self, {"normalization": NORMALIZATIONS})


KINDS = {"style": StyleTerm, "content": ContentTerm}


def _check_layers(term):
    spec, layers, weights = NETWORKS[term.network], term.layers, term.layer_weights
    if not layers:
        raise ValueError("`layers` must name at least one layer. Received: ()")
    if len(set(layers)) < len(layers):
        raise ValueError(
            f"`layers` must name each layer once. Received: layers={layers!r}"
        )
    for layer in layers:
        if layer not in spec.layers:
            raise ValueError(
                f"`layers` must be layers of the loss network {term.network}: "
                f"{', '.join(spec.layers)}. Received: "
                f"{layer!r}.{suggest(layer, spec.layers)}"
            )
    if weights and len(weights) != len(layers):
        raise ValueError(
            "`layer_weights` must be empty or have a number for each of "
            f"{len(layers)} layers. Received: layer_weights={weights!r}"
        )


def convert_terms(terms) -> dict[str, LossTerm]:
    """Returns the terms of a loss, checked, and none of them the caller's own.

    Args:
        terms: Dict from name to a `StyleTerm` or `ContentTerm`, or to a dict of its
            fields, `kind` among them.

    Raises:
        TypeError: If they are of another type.
        ValueError: If a name or a value is impossible; the message names the term.
    """
    if not isinstance(terms, dict):
        raise TypeError(
            "`terms` must be a dict from name to `StyleTerm` or `ContentTerm`. "
            f"Received: terms={terms!r}"
        )
    return {name: _convert_term(name, term) for name, term in terms.items()}


def _convert_term(name, term):
    # Names are columns of tables, and parts of options on the command line.
    is_name = isinstance(name, str) and name.isidentifier()
    if not is_name or name in _RESERVED:
        raise ValueError(
            "The name of a term must be made of letters, digits and `_`, and none of "
            f"{', '.join(_RESERVED)}. Received: {name!r}"
        )
    if isinstance(term, LossTerm):
        term = dataclasses.asdict(term)
    if not isinstance(term, dict):
        raise TypeError(
            f"`terms.{name}` must be a `StyleTerm` or `ContentTerm`. Received: {term!r}"
        )
    fields = dict(term)
    kind = fields.pop("kind", None)
    if kind not in KINDS:
        raise ValueError(
            f"`terms.{name}.kind` must be one of {', '.join(KINDS)}. "
            f"Received: kind={kind!r}"
        )
    find_fields(name, KINDS[kind], fields)
    if "layers" not in fields:
        raise ValueError(f"`terms.{name}.layers` must name at least one layer.")
    try:
        return KINDS[kind](**fields)
    except (ValueError, TypeError) as error:
        raise type(error)(f"`terms.{name}`: {error}") from None


def find_fields(name: str, term_class, wanted) -> dict[str, dataclasses.Field]:
    """Returns the fields of a kind of term.

    Args:
        name: Of the term, for the message.
        term_class: `StyleTerm` or `ContentTerm`.
        wanted: Names of fields that it should have.

    Raises:
        ValueError: If it lacks one.
    """
    fields = {field.name: field for field in dataclasses.fields(term_class)}
    for each in wanted:
        if each not in fields:
            raise ValueError(
                f"There is no field {each!r} in the {term_class.kind} term "
                f"`terms.{name}`.{suggest(each, fields)}"
            )
    return fields
