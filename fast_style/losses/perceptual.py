"""The perceptual loss: content, style and total variation, weighted, on a pyramid."""

from keras import ops
import numpy as np

from fast_style.losses.networks.registry import find_smallest_side
from fast_style.losses.pyramid import gaussian_pyramid
from fast_style.losses.statistics import feature_energy
from fast_style.losses.statistics import style_statistics
from fast_style.losses.terms import content_loss
from fast_style.losses.terms import style_loss
from fast_style.losses.terms import total_variation_loss

# Part of the style image's energy that a photo counts with at least. Of 600 crops of
# COCO one or two have less.
_LEAST_CONTENT = 0.1


class PerceptualLoss:
    """Content, style and total-variation loss of stylized images, weighted.

    A plain object on purpose: Keras saves what hangs on its own classes, and
    would put the loss network into every checkpoint. The style images are
    looked at once, here.

    Args:
        loss_network: What `make_loss_network` builds, deep enough for all layers.
        style_images: RGB `(H, W, 3)` in [0, 255], or a list of such.
        style_image_weights: A number for each style image; their losses are
            added with these parts of the whole. Empty: equal.
        style_layers: Dict from layer to its weight.
        content_layers: Dict from layer to its weight.
        style_levels: Weight of the style loss at each pyramid level, beginning
            with full resolution.
        content_levels: Weight of the content loss at each pyramid level.
        statistics: `"covariance"` (with the means) or `"gram"`.
        distance: `"squared"` or `"l2"`, see `style_loss`.
        scaling: `"relative"`, `"johnson2016"` or `"gatys2016"`, see the
            single losses.
        content_weight: Factor of the content loss.
        style_weight: Factor of the style loss.
        tv_weight: Factor of the total-variation loss.

    Raises:
        ValueError: If a style image is too small for the pyramid or one plain
            colour, or if `style_image_weights` are impossible.

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
        self._check_style_images(style_images)
        self.style_image_weights = _to_parts(style_image_weights, len(style_images))
        self.targets = [
            self._look_at(image, num_statistics=1 if statistics == "gram" else 2)
            for image in style_images
        ]
        self.content_floors = [None] * len(content_levels)
        self.tv_scale = 1.0
        if scaling == "relative":
            self.content_floors = self._find_content_floors(style_images)
            own = self._average(style_images, _own_total_variation)
            self.tv_scale = 1.0 / own

    def _check_style_images(self, images):
        layers = (*self.style_layers, *self.content_layers)
        num_levels = max(len(self.style_levels), len(self.content_levels))
        smallest = find_smallest_side(self.loss_network.name, layers, num_levels)
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

    def _average(self, items, function):
        parts = zip(self.style_image_weights, items, strict=True)
        return sum(part * function(item) for part, item in parts)

    def _find_content_floors(self, style_images):
        pyramids = [
            self.content_features(np.asarray(image, "float32")[None])
            for image in style_images
        ]
        return [
            {
                layer: _LEAST_CONTENT
                * self._average(
                    [pyramid[level][layer] for pyramid in pyramids],
                    lambda features: float(feature_energy(features)[0]),
                )
                for layer in pyramids[0][level]
            }
            for level in range(len(self.content_levels))
        ]

    def _look_at(self, style_image, num_statistics):
        images = ops.convert_to_tensor(np.asarray(style_image, "float32")[None])
        targets = []
        for level in gaussian_pyramid(images, len(self.style_levels)):
            features = self.loss_network(level, tuple(self.style_layers))
            targets.append(
                {
                    layer: tuple(
                        np.asarray(ops.convert_to_numpy(statistic))
                        for statistic in style_statistics(
                            features[layer], num_statistics
                        )
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
                    features,
                    targets,
                    self.content_layers,
                    scaling=self.scaling,
                    floors=self.content_floors[level],
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
        return self._average(
            self.targets,
            lambda targets: style_loss(
                features,
                targets[level],
                self.style_layers,
                distance=self.distance,
                scaling=self.scaling,
            ),
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
    return float(total_variation_loss(images)[0])
