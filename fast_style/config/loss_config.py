"""What pictures are compared by, in training and in optimization."""

import dataclasses

from fast_style.config.checks import check_choices
from fast_style.config.checks import check_numbers
from fast_style.config.fields import convert_field
from fast_style.config.fields import suggest
from fast_style.config.renames import accept_old_names
from fast_style.losses.networks.registry import find_smallest_side
from fast_style.losses.networks.registry import NETWORKS

PADDINGS = ("zeros", "symmetric")
STYLE_DISTANCES = ("squared", "l2")
STYLE_STATISTICS = ("covariance", "gram")
SCALINGS = ("relative", "johnson2016", "gatys2016")


@accept_old_names
@dataclasses.dataclass(kw_only=True)
class LossConfig:
    """Loss: what pictures are compared by.

    Weights multiply the formulas of `losses/terms.py`. On the command line tuples are
    given with commas, `--config.style_layers=relu1_1,relu2_1`.

    Attributes:
        loss_network: `pocket` (bundled; an imitation of the first two blocks of
            VGG16), `vgg16` or `vgg19`.
        loss_network_weights: Empty: the network's own, bundled or ImageNet's. For VGG
            `imagenet` (downloaded once), `random`, or an `.h5`, `.npz` or `.npy` file;
            for `pocket` an `.npz` file that `fast-style distill` wrote.
        loss_network_pooling: `max` or `average`.
        loss_network_padding: `zeros` as VGG was trained, or `symmetric`,
            which shows it no edge at the border.
        style_layers: Layers whose textures are compared: `relu1_1`, or
            `conv1_1` for the same before its ReLU.
        style_layer_weights: A number for each; empty: equal, with sum 1.
        style_levels: Weight of the style loss at each pyramid level, beginning
            with full resolution.
        content_layers: Layers whose activations are compared.
        content_layer_weights: A number for each; empty: equal, with sum 1.
        content_levels: Weight of the content loss at each pyramid level.
        style_statistics: `covariance` (and means) or `gram`.
        style_distance: `squared`, or `l2`: its square root.
        scaling: `relative` to the style's own energy, or the formulas of
            `johnson2016` or `gatys2016`.
        content_weight: Factor of the content loss.
        style_weight: Factor of the style loss.
        tv_weight: Factor of the total-variation loss.
    """

    loss_network: str = "pocket"
    loss_network_weights: str = ""
    loss_network_pooling: str = "max"
    loss_network_padding: str = "symmetric"
    style_layers: tuple[str, ...] = ("relu1_1", "relu1_2", "relu2_1", "relu2_2")
    style_layer_weights: tuple[float, ...] = ()
    # Little at full resolution, which a generator meets by grain, not by strokes.
    style_levels: tuple[float, ...] = (0.07, 0.31, 0.31, 0.31)
    content_layers: tuple[str, ...] = ("relu2_2",)
    content_layer_weights: tuple[float, ...] = ()
    # Nothing at full resolution, where strokes have their freedom, and most at an
    # eighth, so that a face is not covered by the painting's own large shapes.
    content_levels: tuple[float, ...] = (0.0, 0.25, 0.25, 1.0)
    style_statistics: str = "covariance"
    style_distance: str = "l2"
    scaling: str = "relative"
    content_weight: float = 1.0
    style_weight: float = 1.0
    tv_weight: float = 0.05

    def __post_init__(self):
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            setattr(self, field.name, convert_field(field, value))
        choices = {
            "loss_network": tuple(NETWORKS),
            "loss_network_padding": PADDINGS,
            "style_distance": STYLE_DISTANCES,
            "style_statistics": STYLE_STATISTICS,
            "scaling": SCALINGS,
        }
        check_choices(self, choices)
        spec = NETWORKS[self.loss_network]
        check_choices(self, {"loss_network_pooling": spec.poolings})
        numbers = ("layer_weights", "levels", "weight")
        numbers = [f"{term}_{n}" for term in ("style", "content") for n in numbers]
        check_numbers(self, dict.fromkeys((*numbers, "tv_weight"), 0))
        _check_layers(self, spec)

    @property
    def num_levels(self) -> int:
        """Levels of the pyramid."""
        return max(len(self.style_levels), len(self.content_levels))

    @property
    def smallest_side(self) -> int:
        """Pixels that pictures need for the deepest layer on the last level."""
        layers = self.style_layers + self.content_layers
        return find_smallest_side(self.loss_network, layers, self.num_levels)


def _check_layers(config, spec):
    for name in ("style_layers", "content_layers"):
        layers, weights_name = getattr(config, name), f"{name[:-1]}_weights"
        weights = getattr(config, weights_name)
        if not layers:
            raise ValueError(f"`{name}` must name at least one layer. Received: ()")
        if len(set(layers)) < len(layers):
            raise ValueError(
                f"`{name}` must name each layer once. Received: {name}={layers!r}"
            )
        for layer in layers:
            if layer not in spec.layers:
                raise ValueError(
                    f"`{name}` must be layers of the loss network "
                    f"{config.loss_network}: {', '.join(spec.layers)}. Received: "
                    f"{layer!r}.{suggest(layer, spec.layers)}"
                )
        if weights and len(weights) != len(layers):
            raise ValueError(
                f"`{weights_name}` must be empty or have a number for each of "
                f"{len(layers)} layers. Received: {weights_name}={weights!r}"
            )
    for name in ("style_levels", "content_levels"):
        if not getattr(config, name):
            raise ValueError(f"`{name}` must have at least one number. Received: ()")
