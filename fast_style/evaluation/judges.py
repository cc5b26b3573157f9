"""Deep networks as judges: how much of the painting, and of the photo, they see.

Losses and metrics of shallow features see strokes and colours; motifs are seen by deep
ImageNet networks alone. A style looks better to a network that it was trained on than
to others, so it is to be judged by one that it was not trained on.
"""

import os
import pathlib

from absl import logging
import keras
import numpy as np

from fast_style.config.fields import suggest
from fast_style.evaluation.judge_specs import JUDGES
from fast_style.evaluation.losses import summarize
from fast_style.io.arrays import to_uint8
from fast_style.losses.comparisons import StyleComparison
from fast_style.losses.networks.making import make_loss_network
from fast_style.losses.networks.registry import NETWORKS
from fast_style.losses.terms import content_loss


class Judge:
    """A deep network that compares stylized images with a painting and a photo.

    Args:
        name: A name in `judge_specs.JUDGES`.
        painting: RGB `(H, W, 3)` in [0, 255].
        weights: As for `make_loss_network`.

    Raises:
        FileNotFoundError: If there is no file with the weights.
        ValueError: If they are damaged or of another network, or the painting is too
            small.
    """

    def __init__(self, name: str, painting, *, weights: str | os.PathLike = ""):
        self.name = name
        spec = JUDGES[name]
        self.term = spec.style
        self.content_layers = dict.fromkeys(
            spec.content_layers, 1 / len(spec.content_layers)
        )
        layers = dict.fromkeys((*self.term.layers, *self.content_layers))
        self.network = make_loss_network(
            name, tuple(layers), weights=weights, padding="symmetric"
        )
        self.style = StyleComparison(
            self.term, self.network, [painting], (1.0,), scaling="relative"
        )

    def compare(self, photo, stylized) -> dict[str, float]:
        """Compares a stylized image with the painting and with its photo.

        Args:
            photo: RGB `(H, W, 3)` in [0, 255].
            stylized: RGB of the same shape.

        Returns:
            Dict with `style`, the mean over the layers of |C - C_s| / |C_s| +
            |m - m_s| / |m_s|, of covariances C and means m of the activations; and
            `content`, the mean over the layers of the mean square of the activations'
            difference over that of the photo's. Both are 0 for what is the same.
        """
        layers = (*self.term.layers, *self.content_layers)
        features, photo_features = (
            self.network(
                np.asarray(image, "float32")[None], tuple(dict.fromkeys(layers))
            )
            for image in (stylized, photo)
        )
        return {
            "style": _to_float(self.style.compare(features, None, 0)),
            "content": _to_float(
                content_loss(features, photo_features, self.content_layers)
            ),
        }


def _to_float(values):
    return float(keras.ops.convert_to_numpy(values)[0])


def choose_judges(judges, config) -> dict[str, str]:
    """Returns the networks to judge by: some, SqueezeNet, and those of the training.

    Args:
        judges: Names of networks, each with `=` and its weights behind it if they are
            not the network's own, such as `resnet50=resnet50.npz`.
        config: The training's `TrainConfig`; None if it is not known. A network of it
            whose file of weights is not there is left out, which the log tells.

    Returns:
        Dict from name to weights.

    Raises:
        ValueError: If there is no such judge.
    """
    chosen = {"squeezenet": ""}
    for term in config.terms.values() if config else ():
        if term.network not in JUDGES or term.network_weights == "random":
            continue
        weights = term.network_weights
        named = ("", *NETWORKS[term.network].weights)
        if weights not in named and not pathlib.Path(weights).is_file():
            logging.info("%s does not judge: there is no %r.", term.network, weights)
        elif term.network not in chosen:
            chosen[term.network] = weights
    for text in judges:
        name, _, weights = text.partition("=")
        if name not in JUDGES:
            raise ValueError(
                f"`judges` must be of {', '.join(JUDGES)}. "
                f"Received: {name!r}.{suggest(name, JUDGES)}"
            )
        chosen[name] = weights
    return chosen


def judge_photos(judges: dict, painting, photos, measured, config) -> dict:
    """Has deep networks judge stylized photos.

    Args:
        judges: What `choose_judges` returned.
        painting: RGB `(H, W, 3)` in [0, 255].
        photos: Dict from name to RGB `(H, W, 3)` in [0, 255].
        measured: What `measure_photos` returns of them.
        config: As for `choose_judges`.

    Returns:
        Dict from each network to `style`, `content` and `style_untouched` (of the
        photos as they are), summarized, and `is_trained_on`: whether the style was
        trained on this network, None if that is not known.
    """
    report = {}
    for name, weights in judges.items():
        judge = Judge(name, painting, weights=weights)
        pairs = zip(photos.values(), measured, strict=True)
        stylized = [judge.compare(photo, m["stylized"]) for photo, m in pairs]
        untouched = [judge.compare(photo, photo)["style"] for photo in photos.values()]
        report[name] = {
            "style": summarize([values["style"] for values in stylized]),
            "content": summarize([values["content"] for values in stylized]),
            "style_untouched": summarize(untouched),
            "is_trained_on": name in config.networks if config else None,
        }
    return report


def judge_strengths(judges: dict, painting, photos, stylize, strengths) -> list[dict]:
    """Has deep networks judge photos that are stylized with less strength.

    Args:
        judges: What `choose_judges` returned.
        painting: RGB `(H, W, 3)` in [0, 255].
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
    named = {name: Judge(name, painting, weights=w) for name, w in judges.items()}
    rows = []
    for strength in strengths:
        stylized = [stylize(to_uint8(x), strength=strength) for x in photos.values()]
        row = {"strength": strength}
        for name, judge in named.items():
            pairs = zip(photos.values(), stylized, strict=True)
            compared = [judge.compare(photo, image) for photo, image in pairs]
            row[name] = {
                kind: float(np.mean([values[kind] for values in compared]))
                for kind in ("style", "content")
            }
        rows.append(row)
    return rows
