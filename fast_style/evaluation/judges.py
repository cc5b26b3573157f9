"""Deep networks as judges: how much of the painting, and of the photo, they see.

Losses and metrics of shallow features see strokes and colours; motifs are seen by deep
ImageNet networks alone. A style looks better to a network that it was trained on than
to others, so it is to be judged by one that it was not trained on.
"""

import numpy as np

from fast_style.evaluation.judge_specs import JUDGES
from fast_style.evaluation.losses import summarize
from fast_style.io.arrays import to_uint8
from fast_style.losses.stored_statistics import StoredStatistics
from fast_style.losses.targets import check_style_sizes


class Judge:
    """A deep network that compares stylized images with a painting and a photo.

    Args:
        name: A name in `judge_specs.JUDGES`.
        painting: RGB `(H, W, 3)` in [0, 255], or `StoredStatistics` of it.
        network: What `load_judge` returned.

    Raises:
        ValueError: If the painting is too small, or if its statistics lack this
            network or are of other weights.
    """

    def __init__(self, name: str, painting, network):
        self.network = network
        self.content_layers = JUDGES[name].content_layers
        self.term = JUDGES[name].style
        self.layers = tuple(dict.fromkeys((*self.term.layers, *self.content_layers)))
        check_style_sizes([painting], network, self.term)
        if isinstance(painting, StoredStatistics):
            self.target = {
                layer: painting.find_statistics(
                    network, layer, 0, self.term.temperature
                )
                for layer in self.term.layers
            }
        else:
            self.target = self._measure_style(self._look(painting))

    def _look(self, image):
        found = self.network(np.asarray(image, "float32")[None], self.layers)
        return {layer: np.asarray(found[layer])[0] for layer in self.layers}

    def _measure_style(self, features):
        layers, temperature = self.term.layers, self.term.temperature
        return {k: measure_channels(smooth(features[k], temperature)) for k in layers}

    def compare(self, photo, stylized) -> dict[str, float]:
        """Compares a stylized image with the painting and with its photo.

        Args:
            photo: RGB `(H, W, 3)` in [0, 255].
            stylized: RGB of the same shape.

        Returns:
            Dict with `style`, the mean over the layers of |C - C_s| / |C_s| +
            |m - m_s| / |m_s|, of covariances C and means m of the activations; and
            `content`, the mean over the layers of what `measure_content` computes.
            Style is 0 for the painting; content is next to 0 for the photo.
        """
        features, of_photo = self._look(stylized), self._look(photo)
        measured = self._measure_style(features)
        styles = [
            np.linalg.norm(statistic - aim) / np.linalg.norm(aim)
            for layer, aims in self.target.items()
            for statistic, aim in zip(measured[layer], aims, strict=True)
        ]
        contents = [
            measure_content(features[k], of_photo[k]) for k in self.content_layers
        ]
        return {
            "style": 2 * float(np.mean(styles)),  # Of two for each layer.
            "content": float(np.mean(contents)),
        }


# Not as the losses compute it: these subtract the product of the means from the Gram
# matrix, and add a small number to what they divide by. Smoothed activations are all
# next to 1, and their covariance so small that both would show.
def measure_channels(features) -> tuple[np.ndarray, np.ndarray]:
    """Computes the means `(C,)` and covariances `(C, C)` of activations `(H, W, C)`."""
    flat = features.reshape(-1, features.shape[-1])
    means = flat.mean(0)
    centred = flat - means
    return means, centred.T @ centred / len(flat)


def smooth(features, temperature: float):
    """Evens out activations `(H, W, C)` as `losses.statistics.smooth` does."""
    if not temperature:
        return features
    powers = np.exp((features - features.max()) / temperature)
    return powers / powers.mean()


def measure_content(features, photo_features) -> float:
    """Computes how little activations agree with the photo's on where something is.

    1 less their correlation: mean(n(F) n(G)), where n gives each channel mean 0 and
    variance 1. So palette and contrast do not count, and each channel counts alike.

    Args:
        features: Activations `(H, W, C)` of the stylized image.
        photo_features: The same of its photo.

    Returns:
        0 for what is the same, 1 for what has nothing to do with each other. Channels
        that are constant, in either, agree with nothing: a photo has their share with
        itself.
    """
    return 1 - float(np.mean(_normalize(features) * _normalize(photo_features)))


def _normalize(features):
    centred = features - features.mean((0, 1), keepdims=True)
    # A channel of rounding errors alone stays next to 0.
    least = 1e-5 * (1 + np.abs(centred).max())
    return centred / (features.std((0, 1), keepdims=True) + least)


def judge_photos(judges: dict, photos, measured, config) -> dict:
    """Has deep networks judge stylized photos.

    Args:
        judges: Dict from names to `Judge`s.
        photos: Dict from name to RGB `(H, W, 3)` in [0, 255].
        measured: What `measure_photos` returns of them.
        config: The training's `TrainConfig`; None if it is not known.

    Returns:
        Dict from each network to `style`, `content` and `style_untouched` (of the
        photos as they are), summarized; `style_share`, the mean style divided by that
        of the photos as they are; and `is_trained_on`: whether the style was trained
        on this network, None if that is not known.
    """
    report = {}
    for name, judge in judges.items():
        pairs = zip(photos.values(), measured, strict=True)
        stylized = [judge.compare(photo, m["stylized"]) for photo, m in pairs]
        untouched = [judge.compare(photo, photo)["style"] for photo in photos.values()]
        style = [values["style"] for values in stylized]
        report[name] = {
            "style": summarize(style),
            "content": summarize([values["content"] for values in stylized]),
            "style_untouched": summarize(untouched),
            "style_share": float(np.mean(style) / np.mean(untouched)),
            "is_trained_on": name in config.networks if config else None,
        }
    return report


def judge_strengths(judges: dict, photos, stylize, strengths) -> list[dict]:
    """Has deep networks judge photos that are stylized with less strength.

    Args:
        judges: Dict from names to `Judge`s.
        photos: Dict from name to RGB `(H, W, 3)` in [0, 255].
        stylize: From uint8 `(H, W, 3)` and `strength` to the stylized image.
        strengths: Those that were trained in; with one of them there is nothing to
            judge.

    Returns:
        Dict for each strength, with `strength`, and for each network the means of
        `style` and `content` over the photos.
    """
    if len(strengths) == 1:
        return []
    rows = []
    for strength in strengths:
        stylized = [stylize(to_uint8(x), strength=strength) for x in photos.values()]
        row = {"strength": strength}
        for name, judge in judges.items():
            pairs = zip(photos.values(), stylized, strict=True)
            compared = [judge.compare(photo, image) for photo, image in pairs]
            row[name] = {
                kind: float(np.mean([values[kind] for values in compared]))
                for kind in ("style", "content")
            }
        rows.append(row)
    return rows
