"""What a style term and a content term compare stylized images with.

Each holds what it needs of the style images, computed once.
"""

from keras import ops
import numpy as np

from fast_style.losses.statistics import feature_energy
from fast_style.losses.statistics import feature_variance
from fast_style.losses.statistics import normalize_channels
from fast_style.losses.statistics import smooth
from fast_style.losses.statistics import style_statistics
from fast_style.losses.targets import average
from fast_style.losses.targets import compute_floors
from fast_style.losses.targets import compute_pyramid_features
from fast_style.losses.targets import compute_style_targets
from fast_style.losses.terms import content_loss
from fast_style.losses.terms import style_loss

# Parts of the style image's variance and energy that a photo counts with at least. Of
# 600 crops of COCO one or two have less energy.
_LEAST_VARIANCE = 0.1
_LEAST_ENERGY = 0.1


class StyleComparison:
    """Compares stylized images with the textures of the style images.

    Args:
        term: A `StyleTerm`.
        network: Its loss network.
        style_images: List of RGB `(H, W, 3)` in [0, 255].
        image_weights: A number for each, with sum 1; their losses are averaged.
        scaling: As in `style_loss`.
    """

    def __init__(self, term, network, style_images, image_weights, *, scaling: str):
        self.term = term
        self.network = network
        self.layers = term.weights_of_layers
        self.image_weights = image_weights
        self.scaling = scaling
        self.targets = [
            compute_style_targets(
                network,
                image,
                self.layers,
                num_levels=term.num_levels,
                num_statistics=1 if term.statistics == "gram" else 2,
                temperature=self.term.temperature,
            )
            for image in style_images
        ]

    def compare(
        self, features, photo_features, level: int, styles=None, painting_features=None
    ):
        """Computes the loss at one level of the pyramid, `(B,)`.

        Args:
            features: Dict from layer to activations of stylized images.
            photo_features: Unused.
            level: Index of the level.
            styles: For each image the index of its style image, `(B,)`; None: all.
            painting_features: Dict from layer to activations of the painting that each
                image has, instead of the style images.
        """
        del photo_features
        options = {
            "distance": self.term.distance,
            "scaling": self.scaling,
            "temperature": self.term.temperature,
        }
        if painting_features is not None:
            targets = self._measure(painting_features)
            return style_loss(features, targets, self.layers, **options)
        if styles is not None:
            targets = self._take_targets(level, styles)
            return style_loss(features, targets, self.layers, **options)
        distances = [
            style_loss(features, image_targets[level], self.layers, **options)
            for image_targets in self.targets
        ]
        return average(distances, self.image_weights)

    def _measure(self, painting_features):
        """Returns the statistics `(B, ...)` of paintings, which nothing changes."""
        count = 1 if self.term.statistics == "gram" else 2
        targets = {}
        for layer in self.layers:
            smoothed = smooth(painting_features[layer], self.term.temperature)
            statistics = style_statistics(smoothed, count)
            targets[layer] = tuple(map(ops.stop_gradient, statistics))
        return targets

    def _take_targets(self, level, styles):
        """Returns the statistics `(B, ...)` of the style image that each image has."""
        return {
            layer: tuple(
                ops.take(np.concatenate(statistics), styles, axis=0)
                for statistics in zip(
                    *(targets[level][layer] for targets in self.targets), strict=True
                )
            )
            for layer in self.layers
        }


class ContentComparison:
    """Compares stylized images with the features of their photos.

    Args:
        term: A `ContentTerm`.
        network: Its loss network.
        style_images: As for `StyleComparison`; how rich in features they are says what
            a photo counts with at least.
        image_weights: As for `StyleComparison`.
        scaling: As in `content_loss`.
    """

    def __init__(self, term, network, style_images, image_weights, *, scaling: str):
        self.term = term
        self.network = network
        self.layers = term.weights_of_layers
        self.scaling = scaling
        self.floors = self.epsilons = [None] * term.num_levels
        if scaling == "relative" or term.normalization == "instance":
            self._measure(style_images, image_weights)

    def _measure(self, images, image_weights):
        options = {"layers": self.layers, "num_levels": self.term.num_levels}
        features = [
            compute_pyramid_features(self.network, image, **options) for image in images
        ]
        part = _LEAST_ENERGY
        if self.term.normalization == "instance":
            self.epsilons = compute_floors(
                features, image_weights, feature_variance, _LEAST_VARIANCE
            )
            # All but plain photos have the same energy now. Those may have motifs.
            part = 1.0
            features = [
                [self._normalize(f, level) for level, f in enumerate(pyramid)]
                for pyramid in features
            ]
        if self.scaling == "relative":
            self.floors = compute_floors(features, image_weights, feature_energy, part)

    def _normalize(self, features, level):
        if self.term.normalization == "none":
            return features
        epsilons = self.epsilons[level]
        return {k: normalize_channels(features[k], epsilons[k]) for k in self.layers}

    def compare(
        self, features, photo_features, level: int, styles=None, painting_features=None
    ):
        """Computes the loss at one level of the pyramid, `(B,)`.

        Args:
            features: Dict from layer to activations of stylized images.
            photo_features: The same of their photos.
            level: Index of the level.
            styles: Unused.
            painting_features: Unused.
        """
        del styles, painting_features
        return content_loss(
            self._normalize(features, level),
            self._normalize(photo_features, level),
            self.layers,
            scaling=self.scaling,
            floors=self.floors[level],
        )


COMPARISONS = {"style": StyleComparison, "content": ContentComparison}
