"""What is computed of the style images once, before any picture is compared."""

from keras import ops
import numpy as np

from fast_style.losses.networks.registry import NETWORKS
from fast_style.losses.pyramid import gaussian_pyramid
from fast_style.losses.statistics import smooth
from fast_style.losses.statistics import style_statistics
from fast_style.losses.stored_statistics import StoredStatistics
from fast_style.losses.terms import total_variation_loss


def check_texture(images) -> None:
    """Checks that style images have something to compare with.

    Args:
        images: List of RGB `(H, W, 3)` in [0, 255], or `StoredStatistics`.

    Raises:
        ValueError: If one is one plain colour.
    """
    for image in images:
        if isinstance(image, StoredStatistics):
            continue  # It was, when it was measured.
        if np.std(image, axis=(0, 1)).max() < 1:
            raise ValueError(
                "The style image must have some texture. Received: one plain colour"
            )


def check_style_sizes(images, network, term) -> None:
    """Checks that style images are large enough to compare with.

    Args:
        images: List of RGB `(H, W, 3)` in [0, 255].
        network: The loss network.
        term: The `StyleTerm` or `ContentTerm` that it computes the features of.

    Raises:
        ValueError: If one is too small for the pyramid.
    """
    smallest = 2**term.num_levels  # For the pyramid; a user's network has its own.
    if network.name in NETWORKS:
        smallest = term.smallest_side
    for image in images:
        if min(image.shape[:2]) < smallest:
            raise ValueError(
                f"The style image must be at least {smallest} pixels wide and high "
                f"for {term.num_levels} pyramid levels with {', '.join(term.layers)} "
                f"of {term.network}. Received: {image.shape[1]}x{image.shape[0]} "
                "pixels, scaled to `style_image_size`; crop it, or take a larger file"
            )


def normalize_image_weights(
    weights: tuple[float, ...], count: int
) -> tuple[float, ...]:
    """Returns the weights of style images, with sum 1.

    Args:
        weights: A number for each style image; empty: equal.
        count: How many style images there are.

    Raises:
        ValueError: If there are more or fewer weights, a negative one, or only zeros.
    """
    if weights and len(weights) != count:
        raise ValueError(
            "`style_image_weights` must be empty or have a number for each of "
            f"{count} style images. Received: style_image_weights={weights!r}"
        )
    if any(weight < 0 for weight in weights) or (weights and sum(weights) == 0):
        raise ValueError(
            "`style_image_weights` must be at least 0, and not all of them 0. "
            f"Received: style_image_weights={weights!r}"
        )
    weights = tuple(weights) or (1.0,) * count
    return tuple(weight / sum(weights) for weight in weights)


def average(values, weights: tuple[float, ...]):
    """Returns the sum of values, each times its weight."""
    return sum(weight * value for weight, value in zip(weights, values, strict=True))


def compute_style_targets(
    loss_network,
    image,
    layers,
    *,
    num_levels: int,
    num_statistics: int,
    temperature: float = 0.0,
) -> list[dict]:
    """Computes the statistics of a style image on a pyramid.

    Args:
        loss_network: What `make_loss_network` builds.
        image: RGB `(H, W, 3)` in [0, 255], or `StoredStatistics` of it.
        layers: Whose activations are compared.
        num_levels: Of the pyramid.
        num_statistics: 1 for Gram matrices, 2 for means and covariances.
        temperature: As in `style_loss`.

    Returns:
        For each level a dict from layer to a tuple of NumPy arrays `(1, ...)`.
    """
    if isinstance(image, StoredStatistics):
        return [
            {
                layer: _convert(
                    *image.find_statistics(loss_network, layer, level, temperature),
                    num_statistics,
                )
                for layer in layers
            }
            for level in range(num_levels)
        ]
    targets = []
    for level in gaussian_pyramid(to_batch(image), num_levels):
        features = loss_network(level, tuple(layers))
        smoothed = {k: smooth(features[k], temperature) for k in layers}
        targets.append(
            {
                layer: tuple(
                    np.asarray(ops.convert_to_numpy(statistic))
                    for statistic in style_statistics(smoothed[layer], num_statistics)
                )
                for layer in layers
            }
        )
    return targets


def _convert(means, covariances, num_statistics):
    """Returns stored statistics as `style_statistics` has them, each `(1, ...)`."""
    covariances = covariances[None] / len(means)
    if num_statistics == 1:
        return (covariances + np.outer(means, means)[None] / len(means),)
    return means[None], covariances


def compute_pyramid_features(network, image, layers, num_levels: int) -> list[dict]:
    """Computes the activations of an image on a pyramid.

    Args:
        network: What `make_loss_network` builds.
        image: RGB `(H, W, 3)` in [0, 255], or `StoredStatistics` of it, of which two
            pixels are made that have the means and variances of the channels.
        layers: Of the network.
        num_levels: Of the pyramid.

    Returns:
        For each level a dict from layer to activations `(1, H_l, W_l, C_l)`.
    """
    if isinstance(image, StoredStatistics):
        levels = range(num_levels)
        return [image.make_activations(network, layers, level) for level in levels]
    pyramid = gaussian_pyramid(to_batch(image), num_levels)
    return [network(level, tuple(layers)) for level in pyramid]


def compute_floors(
    style_features: list[list[dict]],
    image_weights: tuple[float, ...],
    measure,
    part: float,
) -> list[dict]:
    """Computes what a photo counts with at least, however plain it is.

    Args:
        style_features: For each style image what `compute_pyramid_features` returns.
        image_weights: Of the style images, with sum 1.
        measure: Function from activations `(1, H, W, C)` to numbers `(1,)`, such as
            `feature_energy`.
        part: Of what is measured of the style images.

    Returns:
        For each level a dict from layer to that part, a number.
    """
    return [
        {
            layer: part
            * average([float(measure(f[layer])[0]) for f in level], image_weights)
            for layer in level[0]
        }
        for level in zip(*style_features, strict=True)
    ]


def compute_total_variation(image) -> float:
    """Computes the relative total-variation loss of an image `(H, W, 3)`."""
    if isinstance(image, StoredStatistics):
        return image.total_variation
    return float(total_variation_loss(to_batch(image))[0])


def to_batch(image):
    """Returns an image `(H, W, 3)` as a tensor `(1, H, W, 3)`, float32."""
    return ops.convert_to_tensor(np.asarray(image, "float32")[None])
