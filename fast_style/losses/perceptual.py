"""The perceptual loss: content and style terms and total variation, on a pyramid."""

from keras import ops

from fast_style.config.checks import check_choices
from fast_style.config.loss_config import SCALINGS
from fast_style.config.loss_terms import convert_terms
from fast_style.losses.comparisons import COMPARISONS
from fast_style.losses.pyramid import gaussian_pyramid
from fast_style.losses.targets import average
from fast_style.losses.targets import check_style_sizes
from fast_style.losses.targets import check_texture
from fast_style.losses.targets import compute_total_variation
from fast_style.losses.targets import normalize_image_weights
from fast_style.losses.terms import total_variation_loss


class PerceptualLoss:
    """Weighted sum of content terms, style terms and total variation.

    A plain object on purpose: Keras saves what hangs on its own classes, and
    would put the loss networks into every checkpoint. The statistics of the style
    images are computed once, when the object is made.

    Args:
        terms: Dict from name to `StyleTerm` or `ContentTerm`.
        networks: Dict from the name of each term with a weight to its loss network,
            as `make_loss_network` builds it. Terms with the same one share its passes:
            one per picture and level.
        style_images: RGB `(H, W, 3)` in [0, 255], or a list of such.
        style_image_weights: A number for each style image, normalized to sum 1;
            their style losses are averaged with these weights. Empty: equal.
        scaling: `"relative"`, `"johnson2016"` or `"gatys2016"`, see the
            functions of `terms.py`.
        content_weight: Factor of all content terms.
        style_weight: Factor of all style terms.
        tv_weight: Factor of the total-variation loss.

    Attributes:
        names: Names of the terms and, last, `"tv"`: the order of logs, columns and
            reports.
        weights: Dict from each of `names` to its factor.

    Raises:
        ValueError: If a style image is too small for the pyramid or one plain
            colour, if `style_image_weights` are negative, all 0, or too many or
            too few, or if there are no such scaling or terms.

    References:
        Johnson et al., 2016, https://arxiv.org/abs/1603.08155
        Differs by default in covariance and means for the Gram matrix, in
        relative distances, in the pyramid, and in several networks: docs/method.md.
    """

    def __init__(
        self,
        terms,
        networks,
        style_images,
        *,
        style_image_weights: tuple[float, ...] = (),
        scaling: str = "relative",
        content_weight: float = 1.0,
        style_weight: float = 1.0,
        tv_weight: float = 0.0,
    ):
        self.scaling = scaling
        check_choices(self, {"scaling": SCALINGS})
        self.terms = convert_terms(terms)
        self.networks = networks
        factors = {"content": content_weight, "style": style_weight}
        self.weights = {
            **{name: t.weight * factors[t.kind] for name, t in self.terms.items()},
            "tv": tv_weight,
        }
        self.names = tuple(self.weights)
        if not isinstance(style_images, list | tuple):
            style_images = [style_images]
        self._measure(style_images, style_image_weights)

    def _measure(self, style_images, image_weights):
        used = {name: t for name, t in self.terms.items() if self.weights[name] > 0}
        check_texture(style_images)
        # The most demanding first, so that who obeys the message is done.
        for name in sorted(used, key=lambda each: -used[each].smallest_side):
            check_style_sizes(style_images, self.networks[name], used[name])
        image_weights = normalize_image_weights(image_weights, len(style_images))
        self.comparisons = {
            name: COMPARISONS[term.kind](
                term,
                self.networks[name],
                style_images,
                image_weights,
                scaling=self.scaling,
            )
            for name, term in used.items()
        }
        self.tv_scale = 1.0
        if self.scaling == "relative":
            variations = map(compute_total_variation, style_images)
            self.tv_scale = 1.0 / average(variations, image_weights)

    def __call__(self, content, stylized, **options) -> dict:
        """Compares stylized images with their photos and with the style.

        Args:
            content: Photos, RGB `(B, H, W, 3)` in [0, 255].
            stylized: The stylized photos, of the same shape and range.
            **options: As in `compare`.

        Returns:
            Dict from each of `names` to a weighted scalar, a mean over the
            batch; their sum is the loss.
        """
        return self.compare(self.content_features(content), stylized, **options)

    def content_features(self, content) -> list[dict]:
        """Computes the features of photos once, for many comparisons.

        Args:
            content: Photos, RGB `(B, H, W, 3)` in [0, 255].

        Returns:
            For each pyramid level a dict from the name of a content term to a dict
            from layer to activations. Terms without weight there are left out.
        """
        chosen = {k: c for k, c in self.comparisons.items() if c.term.kind == "content"}
        return self._compute_features(content, chosen)

    def compare(
        self,
        content_features,
        stylized,
        *,
        styles=None,
        style_factors=1.0,
        paintings=None,
    ) -> dict:
        """Compares stylized images with features of their photos.

        Args:
            content_features: What `content_features` returned of the photos.
            stylized: The stylized photos, RGB `(B, H, W, 3)` in [0, 255].
            styles: For each image the index of the style image that it is compared
                with, `(B,)`; None: with all of them.
            style_factors: Of the style terms, a number for each image, `(B,)`.
            paintings: RGB `(B, H, W, 3)` in [0, 255], with which each image is compared
                instead of the style images.

        Returns:
            As `__call__`.
        """
        losses = dict.fromkeys(self.names, ops.zeros((1,)))
        levels = self._compute_features(stylized, self.comparisons)
        painted = self._measure_paintings(paintings, len(levels))
        for level, features in enumerate(levels):
            for name in features:
                comparison = self.comparisons[name]
                photos = {}
                if comparison.term.kind == "content":
                    photos = content_features[level][name]
                distance = comparison.compare(
                    features[name], photos, level, styles, painted[level].get(name)
                )
                if comparison.term.kind == "style":
                    distance = distance * style_factors
                losses[name] += comparison.term.levels[level] * distance
        if self.weights["tv"] > 0:
            variation = total_variation_loss(stylized, scaling=self.scaling)
            losses["tv"] = variation * self.tv_scale
        return {
            name: self.weights[name] * ops.mean(losses[name]) for name in self.names
        }

    def _measure_paintings(self, paintings, num_levels):
        if paintings is None:
            return [{}] * num_levels
        chosen = {k: c for k, c in self.comparisons.items() if c.term.kind == "style"}
        levels = self._compute_features(paintings, chosen)
        return levels + [{}] * (num_levels - len(levels))

    def _compute_features(self, images, comparisons):
        num_levels = max((c.term.num_levels for c in comparisons.values()), default=0)
        return [
            self._compute_level(pictures, comparisons, level)
            for level, pictures in enumerate(gaussian_pyramid(images, num_levels))
        ]

    def _compute_level(self, images, comparisons, level):
        # By identity: networks are plain objects.
        groups = {}
        for name, comparison in comparisons.items():
            levels = comparison.term.levels
            if level < len(levels) and levels[level] > 0:
                groups.setdefault(id(comparison.network), []).append(name)
        found = {}
        for names in groups.values():
            layers = [layer for name in names for layer in comparisons[name].layers]
            network = comparisons[names[0]].network
            features = network(images, tuple(dict.fromkeys(layers)))
            for name in names:
                found[name] = {k: features[k] for k in comparisons[name].layers}
        return found
