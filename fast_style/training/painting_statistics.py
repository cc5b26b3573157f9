"""Statistics of paintings, from which a network tells how to paint like them."""

from keras import ops

from fast_style.models.predictor import STATISTIC_LAYERS

_TINY = 1e-6
_PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))


def measure_paintings(network, paintings):
    """Computes the statistics that a `Predictor` takes.

    Args:
        network: VGG16, with the padding `"zeros"`.
        paintings: RGB `(B, H, W, 3)` in [0, 255].

    Returns:
        float32 `(B, NUM_STATISTICS)`: mean and covariance of the colours, in [0, 1];
        then for each of `STATISTIC_LAYERS` mean and deviation of each channel.
    """
    colours = ops.cast(paintings, "float32") / 255.0
    means = ops.mean(colours, axis=(1, 2))
    centred = colours - means[:, None, None]
    products = [
        ops.mean(centred[..., i] * centred[..., j], axis=(1, 2)) for i, j in _PAIRS
    ]
    statistics = [means, ops.stack(products, axis=1)]
    features = network(paintings, STATISTIC_LAYERS)
    for layer in STATISTIC_LAYERS:
        mean, variance = ops.moments(features[layer], axes=(1, 2))
        statistics += [mean, ops.sqrt(variance + _TINY)]
    return ops.concatenate(statistics, axis=1)
