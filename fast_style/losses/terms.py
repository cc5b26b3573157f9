"""Content, style and total-variation loss.

Every loss is a pure function with one value per image. Weights multiply these
formulas; what a weight means depends on the formula.
"""

from keras import ops

from fast_style.losses.statistics import feature_energy
from fast_style.losses.statistics import smooth
from fast_style.losses.statistics import style_statistics

_EPSILON = 1e-8


def style_loss(
    features,
    targets,
    layer_weights,
    *,
    distance: str = "squared",
    scaling: str = "relative",
    temperature: float = 0.0,
):
    """Computes how far the textures of images are from those of a style image.

    Sum over the layers of `layer_weights[layer]` times the squared distance of
    each statistic from its target. With scaling `"relative"` a distance is
    divided by the target's own energy, sum(T^2), so that 1.0 is the loss of
    an image without any texture. With `"johnson2016"` it is the mean over the
    entries, as in the authors' StyleLoss.lua; with `"gatys2016"` a quarter
    of the sum, which for Gram matrices divided by H W C is the paper's
    1 / (4 N^2 M^2). With distance `"l2"` the square root of each distance is
    taken. Zero when all statistics are equal; 1e-4 per statistic with `"l2"`, since
    the gradient of the root is infinite at 0.

    Args:
        features: Dict from layer to activations `(B, H_l, W_l, C_l)`.
        targets: Dict from layer to a tuple of the style image's statistics,
            each `(1, ...)`, or `(B, ...)` if each image has a style image of its own:
            the Gram matrix, or means and covariance.
        layer_weights: Dict from layer to a number.
        distance: `"squared"` or `"l2"`.
        scaling: `"relative"`, `"johnson2016"` or `"gatys2016"`.
        temperature: Of `smooth`, with which the targets were computed too; 0: not
            smoothed.

    Returns:
        One loss per image, `(B,)`, float32.

    Raises:
        ValueError: If there is no such distance.

    References:
        Gatys et al., 2016, equations 4 and 5,
        https://openaccess.thecvf.com/content_cvpr_2016/html/Gatys_Image_Style_Transfer_CVPR_2016_paper.html
        Johnson et al., 2016, section 3.2, https://arxiv.org/abs/1603.08155
        Covariance and means: Li et al., 2017, https://arxiv.org/abs/1701.01036
    """
    if distance not in ("squared", "l2"):
        raise ValueError(
            f'`distance` must be "squared" or "l2". Received: distance={distance!r}'
        )
    loss = 0.0
    for layer, weight in layer_weights.items():
        smoothed = smooth(features[layer], temperature)
        statistics = style_statistics(smoothed, len(targets[layer]))
        for statistic, target in zip(statistics, targets[layer], strict=True):
            squares = ops.square(statistic - target)
            axes = tuple(range(1, len(statistic.shape)))
            if scaling == "relative":
                energy = ops.sum(ops.square(target), axes)
                term = ops.sum(squares, axes) / (energy + _EPSILON)
            elif scaling == "gatys2016":
                term = ops.sum(squares, axes) / 4
            else:
                term = ops.mean(squares, axes)
            if distance == "l2":
                term = ops.sqrt(term + _EPSILON)
            loss = loss + weight * term
    return loss


def content_loss(
    features, targets, layer_weights, *, scaling: str = "relative", floors=None
):
    """Computes how far the features of images are from those of their photos.

    Sum over the layers of `layer_weights[layer]` times mean((F - T)^2); with
    scaling `"relative"` divided by mean(T^2) of the same image, so that 1.0
    is the loss of features that are all zero; with `"gatys2016"` half the sum
    of the squares instead of their mean. Zero when all features are equal.

    The features of a plain grey photo are nearly 0. Divided by their own energy, one
    such photo would outweigh all others, so the divisor is at least the layer's
    floor.

    Args:
        features: Dict from layer to activations `(B, H_l, W_l, C_l)`.
        targets: The same of the content images.
        layer_weights: Dict from layer to a number.
        scaling: `"relative"`, `"johnson2016"` or `"gatys2016"`.
        floors: Dict from layer to the least divisor; None: 0.

    Returns:
        One loss per image, `(B,)`, float32.

    References:
        Johnson et al., 2016, section 3.2 (feature reconstruction loss).
        Gatys et al., 2016, equation 1.
    """
    loss = 0.0
    for layer, weight in layer_weights.items():
        target = ops.cast(targets[layer], "float32")
        squares = ops.square(ops.cast(features[layer], "float32") - target)
        if scaling == "gatys2016":
            distance = ops.sum(squares, axis=(1, 2, 3)) / 2
        else:
            distance = ops.mean(squares, axis=(1, 2, 3))
        if scaling == "relative":
            floor = floors[layer] if floors else 0.0
            energy = ops.maximum(feature_energy(target), floor)
            distance = distance / (energy + _EPSILON)
        loss = loss + weight * distance
    return loss


def total_variation_loss(images, *, scaling: str = "relative"):
    """Computes how much neighbouring pixels differ.

    With scaling `"relative"`: mean(dx^2) + mean(dy^2) of pixels in [0, 1];
    `PerceptualLoss` divides by the style image's. With any other: the sum of
    dx^2 + dy^2 over all pixels and channels in [0, 255], which grows with the
    image and needs a weight of about 1e-6.

    Args:
        images: RGB `(B, H, W, 3)` in [0, 255].
        scaling: `"relative"`, `"johnson2016"` or `"gatys2016"`.

    Returns:
        One loss per image, `(B,)`, float32; zero for one plain colour.

    References:
        Johnson et al., 2016, section 3.3, https://arxiv.org/abs/1603.08155
    """
    dy = ops.square(images[:, 1:] - images[:, :-1])
    dx = ops.square(images[:, :, 1:] - images[:, :, :-1])
    axes = (1, 2, 3)
    if scaling == "relative":
        return (ops.mean(dx, axis=axes) + ops.mean(dy, axis=axes)) / 255.0**2
    return ops.sum(dx, axis=axes) + ops.sum(dy, axis=axes)
