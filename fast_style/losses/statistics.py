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

    Products of 16-bit activations are of 16 bits too, which a CPU with matrices of
    bfloat16 computes several times as fast; their sums, and what is returned, have 32.

    Args:
        features: Activations `(B, H, W, C)`.

    Returns:
        Means `(B, C)`, and covariances `(B, C, C)` divided by C as the Gram
        matrix is; both float32.
    """
    return _measure_channels(ops.convert_to_tensor(features))


@ops.custom_gradient
def _measure_channels(features):
    _, height, width, channels = ops.shape(features)
    num_pixels = ops.cast(height * width, "float32")
    # A row at a time: a mean of few numbers is exact to the digits that they have.
    rows = ops.cast(ops.mean(features, axis=2), "float32")
    means = ops.mean(rows, axis=1)
    # Subtracted before the products: where the mean is large, the difference of two
    # rounded squares would be rounding.
    centred = features - ops.cast(means[:, None, None], features.dtype)
    pixels = ops.reshape(centred, (-1, height * width, channels))
    products = ops.matmul(ops.transpose(pixels, (0, 2, 1)), pixels)
    scale = 1.0 / (num_pixels * channels)

    def backward(*upstream):
        # TensorFlow gives the two gradients, JAX a pair of them.
        of_means, of_covariances = upstream if len(upstream) == 2 else upstream[0]
        both = of_covariances + ops.transpose(of_covariances, (0, 2, 1))
        gradient = ops.matmul(pixels, ops.cast(both * scale, features.dtype))
        of_means = ops.cast(of_means[:, None] / num_pixels, features.dtype)
        return ops.reshape(gradient + of_means, ops.shape(features))

    return (means, ops.cast(products, "float32") * scale), backward


def style_statistics(features, count: int) -> tuple:
    """Computes the Gram matrix (`count` 1), or means and covariance (`count` 2)."""
    return (gram_matrix(features),) if count == 1 else channel_statistics(features)


def feature_energy(features):
    """Computes mean(F^2) per image, `(B,)`, of activations `(B, H, W, C)`."""
    return ops.mean(ops.square(ops.cast(features, "float32")), axis=(1, 2, 3))


def feature_variance(features):
    """Computes the mean over the channels of their variance, `(B,)`."""
    return ops.mean(ops.var(ops.cast(features, "float32"), axis=(1, 2)), axis=-1)


def normalize_channels(features, epsilon: float):
    """Gives each channel of each image mean 0 and variance 1: (F - m) / sqrt(v + e).

    What is compared afterwards is where something is, not how light, how coloured or
    how rich in contrast.

    Args:
        features: Activations `(B, H, W, C)`.
        epsilon: Channels of far smaller variance stay nearly 0. At least 1e-8.

    Returns:
        float32 of the same shape.
    """
    features = ops.cast(features, "float32")
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
