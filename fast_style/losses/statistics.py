"""Statistics of features: Gram matrices, covariances and means."""

from keras import ops


def gram_matrix(features):
    """Computes which channels are active together, wherever in the image.

    G[c, d] = sum over pixels of F[c] * F[d] / (H * W * C), as the authors'
    GramMatrix.lua divides. Changing the divisor rescales every style weight.

    Args:
        features: Activations `(B, H, W, C)`.

    Returns:
        Symmetric matrices `(B, C, C)`, float32.

    Raises:
        ValueError: If `features` has not four axes.
    """
    if len(features.shape) != 4:
        raise ValueError(
            "`features` must have shape (B, H, W, C). "
            f"Received: shape={tuple(features.shape)}"
        )
    features = ops.cast(features, "float32")  # A sum in float16 overflows.
    _, height, width, channels = ops.shape(features)
    pixels = ops.reshape(features, (-1, height * width, channels))
    return _multiply_channels(pixels) / ops.cast(height * width * channels, "float32")


@ops.custom_gradient
def _multiply_channels(pixels):
    products = ops.matmul(ops.transpose(pixels, (0, 2, 1)), pixels)

    def backward(upstream):
        # Automatic differentiation transposes all pixels once more, and slowly.
        return ops.matmul(pixels, upstream + ops.transpose(upstream, (0, 2, 1)))

    return products, backward


def channel_statistics(features):
    """Computes the means and the covariances of the channels.

    The Gram matrix is the covariance plus the product of the means, and the
    means dominate it. Compared apart, the textures count.

    Args:
        features: Activations `(B, H, W, C)`.

    Returns:
        Means `(B, C)`, and covariances `(B, C, C)` divided by C as the Gram
        matrix is; both float32.
    """
    features = ops.cast(features, "float32")
    means = ops.mean(features, axis=(1, 2))
    squares = means[:, :, None] * means[:, None, :] / features.shape[-1]
    # Less work than subtracting the means from all pixels. The rounding error of the
    # difference is far below a painting's covariances.
    return means, gram_matrix(features) - squares


def style_statistics(features, count: int) -> tuple:
    """Computes the Gram matrix (`count` 1), or means and covariance (`count` 2)."""
    return (gram_matrix(features),) if count == 1 else channel_statistics(features)


def feature_energy(features):
    """Computes mean(F^2) per image, `(B,)`, of activations `(B, H, W, C)`."""
    return ops.mean(ops.square(features), axis=(1, 2, 3))


def feature_variance(features):
    """Computes the mean over the channels of their variance, `(B,)`."""
    return ops.mean(ops.var(features, axis=(1, 2)), axis=-1)


def normalize_channels(features, epsilon: float):
    """Gives each channel of each image mean 0 and variance 1: (F - m) / sqrt(v + e).

    What is compared afterwards is where something is, not how light, how coloured or
    how rich in contrast.

    Args:
        features: Activations `(B, H, W, C)`.
        epsilon: Channels of far smaller variance stay nearly 0. At least 1e-8.

    Returns:
        The same shape.
    """
    means, variances = ops.moments(features, axes=(1, 2), keepdims=True)
    # A single pixel, which is all of a small painting, has no variance.
    return (features - means) * ops.rsqrt(variances + max(epsilon, 1e-8))


def smooth(features, temperature: float):
    """Evens out activations of which a few are far larger than all others.

    N softmax(F / temperature), over all N channels and places of an image, so that
    the mean is 1. Statistics of the peaky activations of networks with residual
    connections are those of their few peaks.

    Args:
        features: Activations `(B, H, W, C)`.
        temperature: Positive; 0: the activations are returned as they are.

    Returns:
        Positive numbers `(B, H, W, C)`, float32.

    References:
        Wang et al., 2021, https://arxiv.org/abs/2104.05623
    """
    if not temperature:
        return features
    features = ops.cast(features, "float32")
    _, height, width, channels = ops.shape(features)
    count = height * width * channels
    flat = ops.reshape(features, (-1, count)) / temperature
    smoothed = ops.softmax(flat, axis=-1) * ops.cast(count, "float32")
    return ops.reshape(smoothed, (-1, height, width, channels))
