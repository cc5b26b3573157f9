"""The perceptual loss, built from a config."""

from fast_style.config.loss_config import LossConfig
from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.perceptual import PerceptualLoss


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
        config: Terms, formulas and weights; a `TrainConfig` is one.
        style_images: RGB `(H, W, 3)` in [0, 255], or a list of such.
        style_image_weights: A number for each style image; empty: equal.
        dtype: Of the convolutions of the loss networks.
        seed: Of random weights of the loss networks.

    Raises:
        FileNotFoundError: If the file with the weights of a loss network does not
            exist.
        ValueError: If it is damaged or of another network, or if a style image is too
            small for the pyramid or one plain colour.
    """
    return PerceptualLoss(
        config.terms,
        make_networks(config.used_terms, dtype=dtype, seed=seed),
        style_images,
        style_image_weights=style_image_weights,
        scaling=config.scaling,
        content_weight=config.content_weight,
        style_weight=config.style_weight,
        tv_weight=config.tv_weight,
    )


def make_networks(terms: dict, *, dtype: str = "float32", seed: int = 0) -> dict:
    """Builds the loss networks of some terms, each once and as deep as needed.

    Args:
        terms: Dict from name to `StyleTerm` or `ContentTerm`.
        dtype: Of their convolutions.
        seed: Of random weights.

    Returns:
        Dict from name to loss network; terms that differ in neither network, weights,
        pooling nor padding have the same one.

    Raises:
        FileNotFoundError: If a file with weights does not exist.
        ValueError: If one is damaged or of another network.
    """
    names = {}
    for name, term in terms.items():
        key = (term.network, term.network_weights, term.pooling, term.padding)
        names.setdefault(key, []).append(name)
    networks = {}
    for (network, weights, pooling, padding), sharing in names.items():
        layers = [layer for name in sharing for layer in terms[name].layers]
        built = make_loss_network(
            network,
            tuple(dict.fromkeys(layers)),
            weights=weights,
            pooling=pooling,
            padding=padding,
            dtype=dtype,
            seed=seed,
        )
        networks |= dict.fromkeys(sharing, built)
    return networks
