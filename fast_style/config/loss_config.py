"""What pictures are compared by, in training and in optimization."""

import copy
import dataclasses

from fast_style.config.checks import check_choices
from fast_style.config.checks import check_numbers
from fast_style.config.fields import check_field_names
from fast_style.config.fields import convert_field
from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import convert_terms
from fast_style.config.loss_terms import StyleTerm

SCALINGS = ("relative", "johnson2016", "gatys2016")


def make_default_terms() -> dict[str, StyleTerm | ContentTerm]:
    """Returns the terms of a loss for which a config names none.

    Both compare by VGG16, which is bundled. docs/recipe.md has the trials behind them.
    """
    return {
        # Normalized, so that palette and contrast are the style's to choose.
        "content": ContentTerm(
            layers=("relu3_3", "relu4_2"), normalization="instance", weight=1.5
        ),
        # The deep layers carry motifs, the second level those twice as large.
        "style": StyleTerm(
            layers=("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"),
            levels=(0.7, 0.3),
            weight=4.0,
        ),
    }


@check_field_names
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

    def __copy__(self):
        return copy.deepcopy(self)  # Else a change of a term would change both.

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
    """Returns the fields of a config that can be given as text.

    Args:
        config_class: `LossConfig` or a class of its kind.

    Returns:
        Dict from name to field. Those of single terms are not among them.
    """
    fields = {field.name: field for field in dataclasses.fields(config_class)}
    del fields["terms"]
    return fields
