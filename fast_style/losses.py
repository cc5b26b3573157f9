"""The perceptual loss: content, style and total variation.

Every loss is a pure function with one value per image. Weights multiply these
formulas; a weight without its formula means nothing.
"""

from keras import ops
import numpy as np

from fast_style.config import LossConfig
from fast_style.loss_network import make_loss_network

_EPSILON = 1e-8


def gram_matrix(features):
    """Returns which channels fire together, wherever in the image.

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
        # The derived gradient transposes all pixels once more, and slowly.
        return ops.matmul(pixels, upstream + ops.transpose(upstream, (0, 2, 1)))

    return products, backward


def channel_statistics(features):
    """Returns the mean of each channel and how channels vary together.

    The Gram matrix is the covariance plus the product of the means, and the
    means dominate it; kept apart, the textures count.

    Args:
        features: Activations `(B, H, W, C)`.

    Returns:
        Means `(B, C)`, and covariances `(B, C, C)` divided by C as the Gram
        matrix is; both float32.
    """
    features = ops.cast(features, "float32")
    means = ops.mean(features, axis=(1, 2))
    squares = means[:, :, None] * means[:, None, :] / features.shape[-1]
    # Less work than taking the means off all pixels. What float32 loses in the
    # difference is far below a painting's covariances.
    return means, gram_matrix(features) - squares


def style_loss(
    features,
    targets,
    layer_weights,
    *,
    distance: str = "squared",
    scaling: str = "relative",
):
    """Says how far the textures of some images are from a style.

    Sum over the layers of `layer_weights[layer]` times the squared distance of
    each statistic from its target. With scaling `"relative"` a distance is
    divided by the target's own energy, sum(T^2), so that 1.0 is the loss of
    an image without any texture. With `"johnson2016"` it is the mean over the
    entries, as the authors' StyleLoss.lua has it; with `"gatys2016"` a quarter
    of the sum, which for Gram matrices divided by H W C is the paper's
    1 / (4 N^2 M^2). With distance `"plain"` it is the square root of that. Zero
    when all agree.

    Args:
        features: Dict from layer to activations `(B, H_l, W_l, C_l)`.
        targets: Dict from layer to a tuple of the style image's statistics,
            each `(1, ...)`: the Gram matrix, or means and covariance.
        layer_weights: Dict from layer to a number.
        distance: `"squared"` or `"plain"`.
        scaling: `"relative"`, `"johnson2016"` or `"gatys2016"`.

    Returns:
        One loss per image, `(B,)`, float32.

    References:
        Gatys et al., 2016, equations 4 and 5,
        https://openaccess.thecvf.com/content_cvpr_2016/html/Gatys_Image_Style_Transfer_CVPR_2016_paper.html
        Johnson et al., 2016, section 3.2, https://arxiv.org/abs/1603.08155
        Covariance and means: Li et al., 2017, https://arxiv.org/abs/1701.01036
    """
    loss = 0.0
    for layer, weight in layer_weights.items():
        statistics = _statistics(features[layer], len(targets[layer]))
        for statistic, target in zip(statistics, targets[layer], strict=True):
            squares = ops.square(statistic - target)
            axes = tuple(range(1, len(statistic.shape)))
            if scaling == "relative":
                term = ops.sum(squares, axes) / (ops.sum(target**2) + _EPSILON)
            elif scaling == "gatys2016":
                term = ops.sum(squares, axes) / 4
            else:
                term = ops.mean(squares, axes)
            if distance == "plain":
                term = ops.sqrt(term + _EPSILON)
            loss = loss + weight * term
    return loss


def _statistics(features, count):
    return (gram_matrix(features),) if count == 1 else channel_statistics(features)


def content_loss(features, targets, layer_weights, *, scaling: str = "relative"):
    """Says how much of the photo's content is lost.

    Sum over the layers of `layer_weights[layer]` times mean((F - T)^2); with
    scaling `"relative"` divided by mean(T^2) of the same image, so that 1.0
    is the loss of features that are all zero; with `"gatys2016"` the half sum
    of the squares instead of their mean. Zero when all agree.

    Args:
        features: Dict from layer to activations `(B, H_l, W_l, C_l)`.
        targets: The same of the content images.
        layer_weights: Dict from layer to a number.
        scaling: `"relative"`, `"johnson2016"` or `"gatys2016"`.

    Returns:
        One loss per image, `(B,)`, float32.

    References:
        Johnson et al., 2016, section 3.2 (feature reconstruction loss).
        Gatys et al., 2016, equation 1.
    """
    loss = 0.0
    for layer, weight in layer_weights.items():
        target = targets[layer]
        squares = ops.square(features[layer] - target)
        if scaling == "gatys2016":
            distance = ops.sum(squares, axis=(1, 2, 3)) / 2
        else:
            distance = ops.mean(squares, axis=(1, 2, 3))
        if scaling == "relative":
            energy = ops.mean(ops.square(target), axis=(1, 2, 3))
            distance = distance / (energy + _EPSILON)
        loss = loss + weight * distance
    return loss


def total_variation_loss(images, *, scaling: str = "relative"):
    """Says how much neighbouring pixels differ.

    With scaling `"relative"`: mean(dx^2) + mean(dy^2) of pixels in [0, 1]; the
    caller divides by the style image's. With any other: the plain sum of
    dx^2 + dy^2 over all pixels and channels in [0, 255], which grows with the
    image and wants a weight of about 1e-6.

    Args:
        images: RGB `(B, H, W, 3)` in [0, 255].
        scaling: `"relative"`, or the sum.

    Returns:
        One loss per image, `(B,)`, float32; zero for a plain colour.

    References:
        Johnson et al., 2016, section 3.3, https://arxiv.org/abs/1603.08155
    """
    dy = ops.square(images[:, 1:] - images[:, :-1])
    dx = ops.square(images[:, :, 1:] - images[:, :, :-1])
    axes = (1, 2, 3)
    if scaling == "relative":
        return (ops.mean(dx, axis=axes) + ops.mean(dy, axis=axes)) / 255.0**2
    return ops.sum(dx, axis=axes) + ops.sum(dy, axis=axes)


def gaussian_pyramid(images, num_levels: int) -> list:
    """Blurs and halves images again and again.

    Each level is filtered with the binomial (1, 4, 6, 4, 1) / 16 along both
    axes, mirrored at the borders, and every second pixel is kept. A mean over
    2x2 pixels instead leaves blocks in what is trained with it.

    Args:
        images: `(B, H, W, C)`, each side at least 3 at the last level but one.
        num_levels: How many levels, the images themselves being the first.

    Returns:
        List of `num_levels` tensors `(B, H / 2^i, W / 2^i, C)`, rounded up.

    References:
        Burt & Adelson, 1983, https://doi.org/10.1109/TCOM.1983.1095851
    """
    levels = [images]
    for _ in range(num_levels - 1):
        levels.append(_blur_and_halve(levels[-1]))
    return levels


def _blur_and_halve(images):
    row = np.array([1, 4, 6, 4, 1], "float32") / 16
    channels = images.shape[-1]
    kernel = np.tile(np.outer(row, row)[:, :, None, None], (1, 1, channels, 1))
    padded = ops.pad(images, ((0, 0), (2, 2), (2, 2), (0, 0)), mode="reflect")
    return ops.depthwise_conv(padded, ops.array(kernel), strides=2)


class PerceptualLoss:
    """Content, style and total-variation loss of stylized images, weighted.

    A plain object on purpose: Keras saves what hangs on its own classes, and
    would put the loss network into every checkpoint. The style images are
    looked at once, here.

    Args:
        loss_network: A `LossNetwork` deep enough for all layers, or a
            `PocketNetwork`.
        style_images: RGB `(H, W, 3)` in [0, 255], or a list of such.
        style_image_weights: A number for each style image; their losses are
            added with these parts of the whole. Empty: equal.
        style_layers: Dict from layer to its weight.
        content_layers: Dict from layer to its weight.
        style_levels: Weight of the style loss at each pyramid level, beginning
            with full resolution.
        content_levels: Weight of the content loss at each pyramid level.
        statistics: `"covariance"` (with the means) or `"gram"`.
        distance: `"squared"` or `"plain"`, see `style_loss`.
        scaling: `"relative"`, `"johnson2016"` or `"gatys2016"`, see the
            single losses.
        content_weight: Factor of the content loss.
        style_weight: Factor of the style loss.
        tv_weight: Factor of the total-variation loss.

    References:
        Johnson et al., 2016, https://arxiv.org/abs/1603.08155
        Differs by default in covariance and means for the Gram matrix, in
        relative distances, and in the pyramid: docs/method.md.
    """

    def __init__(
        self,
        loss_network,
        style_images,
        *,
        style_layers: dict[str, float],
        content_layers: dict[str, float],
        style_image_weights: tuple[float, ...] = (),
        style_levels: tuple[float, ...] = (1.0,),
        content_levels: tuple[float, ...] = (1.0,),
        statistics: str = "covariance",
        distance: str = "squared",
        scaling: str = "relative",
        content_weight: float = 1.0,
        style_weight: float = 1.0,
        tv_weight: float = 0.0,
    ):
        self.loss_network = loss_network
        self.style_layers = style_layers
        self.content_layers = content_layers
        self.style_levels = tuple(style_levels)
        self.content_levels = content_levels
        self.distance = distance
        self.scaling = scaling
        self.weights = (content_weight, style_weight, tv_weight)
        if not isinstance(style_images, list | tuple):
            style_images = [style_images]
        self.style_image_weights = _to_parts(style_image_weights, len(style_images))
        self.targets = [
            self._look_at(image, num_statistics=1 if statistics == "gram" else 2)
            for image in style_images
        ]
        self.tv_scale = 1.0
        if scaling == "relative":
            own = sum(
                part * _own_total_variation(image)
                for part, image in zip(
                    self.style_image_weights, style_images, strict=True
                )
            )
            self.tv_scale = 1.0 / (own + _EPSILON)

    def _look_at(self, style_image, num_statistics):
        images = ops.convert_to_tensor(np.asarray(style_image, "float32")[None])
        targets = []
        for level in gaussian_pyramid(images, len(self.style_levels)):
            features = self.loss_network(level, tuple(self.style_layers))
            targets.append(
                {
                    layer: tuple(
                        np.asarray(ops.convert_to_numpy(statistic))
                        for statistic in _statistics(features[layer], num_statistics)
                    )
                    for layer in self.style_layers
                }
            )
        return targets

    def __call__(self, content, stylized) -> dict:
        """Compares stylized images with their photos and with the style.

        Args:
            content: Photos, RGB `(B, H, W, 3)` in [0, 255].
            stylized: What the generator made of them, alike.

        Returns:
            Dict `content`, `style`, `tv` of weighted scalars, means over the
            batch; their sum is the loss.
        """
        return self.compare(self.content_features(content), stylized)

    def content_features(self, content) -> list[dict]:
        """Looks at photos once, for many comparisons.

        Args:
            content: Photos, RGB `(B, H, W, 3)` in [0, 255].

        Returns:
            For each pyramid level a dict from layer to activations, empty
            where the content does not count.
        """
        levels = gaussian_pyramid(content, len(self.content_levels))
        return [
            self.loss_network(photos, tuple(self.content_layers)) if weight > 0 else {}
            for photos, weight in zip(levels, self.content_levels, strict=True)
        ]

    def compare(self, content_features, stylized) -> dict:
        """As calling it, with what `content_features` returned."""
        num_levels = max(len(self.style_levels), len(self.content_levels))
        content_term = style_term = 0.0
        style_levels = self.style_levels + (0.0,) * num_levels
        for level, images in enumerate(gaussian_pyramid(stylized, num_levels)):
            targets = content_features[level] if level < len(content_features) else {}
            layers = tuple(self.style_layers) if style_levels[level] > 0 else ()
            features = self.loss_network(images, dict.fromkeys((*layers, *targets)))
            if layers:
                distance = self._style_loss(features, level)
                style_term = style_term + style_levels[level] * distance
            if targets:
                distance = content_loss(
                    features, targets, self.content_layers, scaling=self.scaling
                )
                content_term = content_term + self.content_levels[level] * distance
        tv_term = total_variation_loss(stylized, scaling=self.scaling) * self.tv_scale
        content_weight, style_weight, tv_weight = self.weights
        return {
            "content": content_weight * ops.mean(content_term),
            "style": style_weight * ops.mean(style_term),
            "tv": tv_weight * ops.mean(tv_term),
        }

    def _style_loss(self, features, level):
        return sum(
            part
            * style_loss(
                features,
                targets[level],
                self.style_layers,
                distance=self.distance,
                scaling=self.scaling,
            )
            for part, targets in zip(
                self.style_image_weights, self.targets, strict=True
            )
        )


def _to_parts(weights, count):
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


def _own_total_variation(image):
    images = ops.convert_to_tensor(np.asarray(image, "float32")[None])
    return float(ops.convert_to_numpy(total_variation_loss(images))[0])


def make_perceptual_loss(
    config: LossConfig,
    style_images,
    *,
    style_image_weights: tuple[float, ...] = (),
    dtype: str = "float32",
    seed: int = 0,
) -> PerceptualLoss:
    """Builds the loss that a config describes.

    Args:
        config: Layers, formulas and weights; a `TrainConfig` is one.
        style_images: RGB `(H, W, 3)` in [0, 255], or a list of such.
        style_image_weights: A number for each; empty: equal.
        dtype: In what the loss network computes.
        seed: Of random loss-network weights.
    """
    style_layers = _weigh(config.style_layers, config.style_layer_weights)
    content_layers = _weigh(config.content_layers, config.content_layer_weights)
    loss_network = make_loss_network(
        (*style_layers, *content_layers),
        name=config.loss_network,
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
        content_weight=config.content_weight,
        style_weight=config.style_weight,
        tv_weight=config.tv_weight,
    )


def _weigh(layers, weights):
    weights = weights or (1 / len(layers),) * len(layers)
    return dict(zip(layers, weights, strict=True))
