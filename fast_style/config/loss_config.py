"""What pictures are compared by, in training and in optimization."""

import dataclasses

from fast_style.config.checks import check_choices
from fast_style.config.checks import check_numbers
from fast_style.config.fields import convert_field
from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import convert_terms
from fast_style.config.loss_terms import StyleTerm
from fast_style.config.renames import accept_old_names
from fast_style.config.renames import OLD_TERM_FIELDS

SCALINGS = ("relative", "johnson2016", "gatys2016")


def make_default_terms() -> dict[str, StyleTerm | ContentTerm]:
    """Returns the terms of a loss for which a config names none."""
    return {
        "content": ContentTerm(
            network="squeezenet",
            layers=("fire5", "fire8"),
            normalization="instance",
            weight=1.2,
        ),
        # Nothing at full resolution, where strokes have their freedom, and most at an
        # eighth, so that a face is not covered by the painting's own large shapes.
        "outlines": ContentTerm(
            network="pocket",
            layers=("relu2_2",),
            levels=(0.0, 0.25, 0.25, 1.0),
            weight=0.2,
        ),
        # Little at full resolution, which a generator meets by grain, not by strokes.
        "strokes": StyleTerm(
            network="pocket",
            layers=("relu1_1", "relu1_2", "relu2_1", "relu2_2"),
            levels=(0.07, 0.31, 0.31, 0.31),
        ),
        "motifs": StyleTerm(
            network="squeezenet",
            layers=("fire3", "fire4", "fire5", "fire6", "fire7", "fire8"),
            weight=2.5,
        ),
    }


def make_deep_terms(resnet_weights: str = "") -> dict[str, StyleTerm | ContentTerm]:
    """Returns the terms of the bundled styles: ResNet-50 beside SqueezeNet.

    Two networks that see differently keep more of the photo at the same style. The
    new terms are `shapes` (content) and `resnet` (style).

    Args:
        resnet_weights: As `network_weights` of a term: a file; empty: ImageNet's.
    """
    resnet = {"network": "resnet50", "network_weights": resnet_weights}
    terms = make_default_terms()
    terms["motifs"].weight = 1.5
    terms["content"].weight = 0.75
    terms["shapes"] = ContentTerm(
        **resnet,
        layers=("layer2.2", "layer3.0"),
        normalization="instance",
        weight=0.75,
    )
    terms["resnet"] = StyleTerm(
        **resnet,
        layers=("layer1.2", "layer2.1", "layer2.3", "layer3.1", "layer3.3"),
        temperature=1.5,
        weight=1.5,
    )
    return terms


@accept_old_names
@dataclasses.dataclass(kw_only=True)
class LossConfig:
    """Loss: what pictures are compared by.

    It is a sum of content terms, style terms and the total variation. Weights multiply
    the formulas of `losses/terms.py`.

    Attributes:
        terms: Dict from name to `StyleTerm` or `ContentTerm`.
        scaling: `relative` to the style's own energy, or the formulas of
            `johnson2016` or `gatys2016`.
        content_weight: Factor of all content terms.
        style_weight: Factor of all style terms.
        tv_weight: Factor of the total-variation loss.
    """

    terms: dict[str, StyleTerm | ContentTerm] = dataclasses.field(
        default_factory=make_default_terms
    )
    scaling: str = "relative"
    content_weight: float = 1.0
    style_weight: float = 1.0
    tv_weight: float = 0.05

    def __post_init__(self):
        for field in dataclasses.fields(self):
            if field.name != "terms":
                value = getattr(self, field.name)
                setattr(self, field.name, convert_field(field, value))
        self.terms = convert_terms(self.terms)
        check_choices(self, {"scaling": SCALINGS})
        weights = ("content_weight", "style_weight", "tv_weight")
        check_numbers(self, dict.fromkeys(weights, 0))

    @property
    def used_terms(self) -> dict[str, StyleTerm | ContentTerm]:
        """The terms that have a weight; the others are not computed."""
        factors = {"content": self.content_weight, "style": self.style_weight}
        return {
            name: term
            for name, term in self.terms.items()
            if term.weight * factors[term.kind] > 0
        }

    @property
    def networks(self) -> set[str]:
        """Names of the loss networks whose terms have a weight."""
        return {term.network for term in self.used_terms.values()}

    @property
    def num_levels(self) -> int:
        """Levels of the pyramid."""
        return max((term.num_levels for term in self.used_terms.values()), default=1)

    @property
    def smallest_side(self) -> int:
        """Pixels that pictures need for every layer on every level."""
        return max((term.smallest_side for term in self.used_terms.values()), default=2)


def list_fields(config_class) -> dict[str, dataclasses.Field]:
    """Returns the fields of a config that can be given as text, and the old ones.

    Args:
        config_class: `LossConfig` or a class of its kind.

    Returns:
        Dict from name to field. Those of single terms are not among them.
    """
    fields = {field.name: field for field in dataclasses.fields(config_class)}
    del fields["terms"]
    of_terms = {field.name: field for field in dataclasses.fields(StyleTerm)}
    old = {name: of_terms[new] for name, (_, new) in OLD_TERM_FIELDS.items()}
    return fields | old
