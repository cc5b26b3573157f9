"""The perceptual loss: content, style and total variation, weighted, on a pyramid."""

from keras import ops
import numpy as np

from fast_style.config.checks import check_choices
from fast_style.config.loss_config import SCALINGS
from fast_style.config.loss_config import STYLE_DISTANCES
from fast_style.config.loss_config import STYLE_STATISTICS
from fast_style.losses.pyramid import gaussian_pyramid
from fast_style.losses.targets import average
from fast_style.losses.targets import check_style_images
from fast_style.losses.targets import compute_content_floors
from fast_style.losses.targets import compute_style_targets
from fast_style.losses.targets import compute_total_variation
from fast_style.losses.targets import normalize_image_weights
from fast_style.losses.terms import content_loss
from fast_style.losses.terms import style_loss
from fast_style.losses.terms import TERMS
from fast_style.losses.terms import total_variation_loss


class PerceptualLoss:
    """Content, style and total-variation loss of stylized images, weighted.

    A plain object on purpose: Keras saves what hangs on its own classes, and
    would put the loss network into every checkpoint. The statistics of the style
    images are computed once, when the object is made.

    To add a term, write its function in `terms.py`, add its name to `TERMS` there,
    its weight here and to `LossConfig`, and compute it in `_compute_terms`.

    Args:
        loss_network: What `make_loss_network` builds, deep enough for all layers.
        style_images: RGB `(H, W, 3)` in [0, 255], or a list of such.
        style_layers: Dict from layer to its weight.
        content_layers: Dict from layer to its weight.
        style_image_weights: A number for each style image, normalized to sum 1;
            their style losses are averaged with these weights. Empty: equal.
        style_levels: Weight of the style loss at each pyramid level, beginning
            with full resolution.
        content_levels: Weight of the content loss at each pyramid level.
        statistics: `"covariance"` (with the means) or `"gram"`.
        distance: `"squared"` or `"l2"`, see `style_loss`.
        scaling: `"relative"`, `"johnson2016"` or `"gatys2016"`, see the
            functions of `terms.py`.
        content_weight: Factor of the content loss.
        style_weight: Factor of the style loss.
        tv_weight: Factor of the total-variation loss.

    Raises:
        ValueError: If a style image is too small for the pyramid or one plain
            colour, if `style_image_weights` are negative, all 0, or too many or
            too few, or if there are no such statistics, distance or scaling.

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
        self.content_levels = tuple(content_levels)
        self.statistics = statistics
        self.distance = distance
        self.scaling = scaling
        choices = {
            "statistics": STYLE_STATISTICS,
            "distance": STYLE_DISTANCES,
            "scaling": SCALINGS,
        }
        check_choices(self, choices)
        weights = (content_weight, style_weight, tv_weight)
        self.weights = dict(zip(TERMS, weights, strict=True))
        if not isinstance(style_images, list | tuple):
            style_images = [style_images]
        self._measure(style_images, style_image_weights)

    def _measure(self, style_images, image_weights):
        layers = (*self.style_layers, *self.content_layers)
        name = getattr(self.loss_network, "name", "")
        check_style_images(style_images, name, layers, self._num_levels)
        self.style_image_weights = normalize_image_weights(
            image_weights, len(style_images)
        )
        self.targets = [
            compute_style_targets(
                self.loss_network,
                image,
                self.style_layers,
                num_levels=len(self.style_levels),
                num_statistics=1 if self.statistics == "gram" else 2,
            )
            for image in style_images
        ]
        self.content_floors = [None] * len(self.content_levels)
        self.tv_scale = 1.0
        if self.scaling == "relative":
            self.content_floors = compute_content_floors(
                [
                    self.content_features(np.asarray(image, "float32")[None])
                    for image in style_images
                ],
                self.style_image_weights,
            )
            variations = map(compute_total_variation, style_images)
            self.tv_scale = 1.0 / average(variations, self.style_image_weights)

    @property
    def _num_levels(self):
        return max(len(self.style_levels), len(self.content_levels))

    def __call__(self, content, stylized) -> dict:
        """Compares stylized images with their photos and with the style.

        Args:
            content: Photos, RGB `(B, H, W, 3)` in [0, 255].
            stylized: The stylized photos, of the same shape and range.

        Returns:
            Dict from each of `TERMS` to a weighted scalar, a mean over the
            batch; their sum is the loss.
        """
        return self.compare(self.content_features(content), stylized)

    def content_features(self, content) -> list[dict]:
        """Computes the features of photos once, for many comparisons.

        Args:
            content: Photos, RGB `(B, H, W, 3)` in [0, 255].

        Returns:
            For each pyramid level a dict from layer to activations, empty
            where the weight of the level is 0.
        """
        levels = gaussian_pyramid(content, len(self.content_levels))
        return [
            self.loss_network(photos, tuple(self.content_layers)) if weight > 0 else {}
            for photos, weight in zip(levels, self.content_levels, strict=True)
        ]

    def compare(self, content_features, stylized) -> dict:
        """Compares stylized images with features of their photos.

        Args:
            content_features: What `content_features` returned of the photos.
            stylized: The stylized photos, RGB `(B, H, W, 3)` in [0, 255].

        Returns:
            As `__call__`.
        """
        terms = self._compute_terms(content_features, stylized)
        return {term: self.weights[term] * ops.mean(terms[term]) for term in TERMS}

    def _compute_terms(self, content_features, stylized):
        content_term = style_term = 0.0
        style_levels = self.style_levels + (0.0,) * self._num_levels
        for level, images in enumerate(gaussian_pyramid(stylized, self._num_levels)):
            photos = content_features[level] if level < len(content_features) else {}
            layers = tuple(self.style_layers) if style_levels[level] > 0 else ()
            features = self.loss_network(images, dict.fromkeys((*layers, *photos)))
            if layers:
                distance = self._style_loss(features, level)
                style_term = style_term + style_levels[level] * distance
            if photos:
                distance = content_loss(
                    features,
                    photos,
                    self.content_layers,
                    scaling=self.scaling,
                    floors=self.content_floors[level],
                )
                content_term = content_term + self.content_levels[level] * distance
        tv_term = total_variation_loss(stylized, scaling=self.scaling) * self.tv_scale
        return {"content": content_term, "style": style_term, "tv": tv_term}

    def _style_loss(self, features, level):
        distances = [
            style_loss(
                features,
                image_targets[level],
                self.style_layers,
                distance=self.distance,
                scaling=self.scaling,
            )
            for image_targets in self.targets
        ]
        return average(distances, self.style_image_weights)
