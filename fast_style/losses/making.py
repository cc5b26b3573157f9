"""The perceptual loss, built from a config."""

from fast_style.config.loss_config import LossConfig
from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.perceptual import PerceptualLoss
from fast_style.losses.terms import TERMS


def make_perceptual_loss(
    config: LossConfig,
    style_images,
    *,
    style_image_weights: tuple[float, ...] = (),
    dtype: str = "float32",
    seed: int = 0,
) -> PerceptualLoss:
    """Builds the perceptual loss that a config describes.

    Args:
        config: Layers, formulas and weights; a `TrainConfig` is one.
        style_images: RGB `(H, W, 3)` in [0, 255], or a list of such.
        style_image_weights: A number for each style image; empty: equal.
        dtype: Of the convolutions of the loss network.
        seed: Of random weights of the loss network.

    Raises:
        FileNotFoundError: If the file with the loss network's weights does not exist.
        ValueError: If it is damaged or of another network, or if a style image is too
            small for the pyramid or one plain colour.
    """
    style_layers = _weigh(config.style_layers, config.style_layer_weights)
    content_layers = _weigh(config.content_layers, config.content_layer_weights)
    loss_network = make_loss_network(
        config.loss_network,
        (*style_layers, *content_layers),
        weights=config.loss_network_weights,
        pooling=config.loss_network_pooling,
        padding=config.loss_network_padding,
        dtype=dtype,
        seed=seed,
    )
    return PerceptualLoss(
        loss_network,
        style_images,
        style_image_weights=style_image_weights,
        style_layers=style_layers,
        content_layers=content_layers,
        style_levels=config.style_levels,
        content_levels=config.content_levels,
        statistics=config.style_statistics,
        distance=config.style_distance,
        scaling=config.scaling,
        **{f"{term}_weight": getattr(config, f"{term}_weight") for term in TERMS},
    )


def _weigh(layers, weights):
    weights = weights or (1 / len(layers),) * len(layers)
    return dict(zip(layers, weights, strict=True))
