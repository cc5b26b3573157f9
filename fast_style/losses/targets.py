"""What is computed of the style images once, before any picture is compared."""

from keras import ops
import numpy as np

from fast_style.losses.networks.registry import find_smallest_side
from fast_style.losses.networks.registry import NETWORKS
from fast_style.losses.pyramid import gaussian_pyramid
from fast_style.losses.statistics import feature_energy
from fast_style.losses.statistics import style_statistics
from fast_style.losses.terms import total_variation_loss

# Part of the style image's energy that a photo counts with at least. Of 600 crops of
# COCO one or two have less.
_LEAST_CONTENT = 0.1


def check_style_images(images, network_name: str, layers, num_levels: int) -> None:
    """Checks that style images can be compared with.

    Args:
        images: List of RGB `(H, W, 3)` in [0, 255].
        network_name: Of the loss network.
        layers: All layers that are compared.
        num_levels: Of the pyramid.

    Raises:
        ValueError: If one is too small for the pyramid, or one plain colour.
    """
    smallest = 2**num_levels  # For the pyramid; a network of the user's has its own.
    if network_name in NETWORKS:
        smallest = find_smallest_side(network_name, layers, num_levels)
    for image in images:
        if min(image.shape[:2]) < smallest:
            raise ValueError(
                f"The style image must be at least {smallest} pixels wide and high "
                f"for {num_levels} pyramid levels with these layers. Received: "
                f"{image.shape[1]}x{image.shape[0]} pixels, scaled to "
                "`style_image_size`"
            )
        if np.std(image, axis=(0, 1)).max() < 1:
            raise ValueError(
                "The style image must have some texture. Received: one plain colour"
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
    loss_network, image, layers, *, num_levels: int, num_statistics: int
) -> list[dict]:
    """Computes the statistics of a style image on a pyramid.

    Args:
        loss_network: What `make_loss_network` builds.
        image: RGB `(H, W, 3)` in [0, 255].
        layers: Whose activations are compared.
        num_levels: Of the pyramid.
        num_statistics: 1 for Gram matrices, 2 for means and covariances.

    Returns:
        For each level a dict from layer to a tuple of NumPy arrays `(1, ...)`.
    """
    targets = []
    for level in gaussian_pyramid(_to_batch(image), num_levels):
        features = loss_network(level, tuple(layers))
        targets.append(
            {
                layer: tuple(
                    np.asarray(ops.convert_to_numpy(statistic))
                    for statistic in style_statistics(features[layer], num_statistics)
                )
                for layer in layers
            }
        )
    return targets


def compute_content_floors(
    style_features: list[list[dict]], image_weights: tuple[float, ...]
) -> list[dict]:
    """Computes the least divisors of `content_loss` with scaling `"relative"`.

    Args:
        style_features: For each style image what `PerceptualLoss.content_features`
            returns of it.
        image_weights: Of the style images, with sum 1.

    Returns:
        For each level a dict from layer to a number.
    """
    return [
        {
            layer: _LEAST_CONTENT
            * average(
                [float(feature_energy(level[layer])[0]) for level in levels],
                image_weights,
            )
            for layer in levels[0]
        }
        for levels in zip(*style_features, strict=True)
    ]


def compute_total_variation(image) -> float:
    """Computes the relative total-variation loss of an image `(H, W, 3)`."""
    return float(total_variation_loss(_to_batch(image))[0])


def _to_batch(image):
    return ops.convert_to_tensor(np.asarray(image, "float32")[None])
