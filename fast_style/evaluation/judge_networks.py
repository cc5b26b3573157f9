"""Which deep networks judge: those whose weights can be had.

Nothing is downloaded that was not asked for by the word `imagenet`.
"""

from absl import logging

from fast_style.config.fields import suggest
from fast_style.evaluation.available_weights import find_weights
from fast_style.evaluation.available_weights import say_what_to_pass
from fast_style.evaluation.judge_specs import JUDGES
from fast_style.losses.networks.making import make_loss_network


def load_judges(judges, config) -> dict:
    """Loads the networks to judge by.

    Args:
        judges: As for `choose_judges`.
        config: As for `choose_judges`.

    Returns:
        Dict from names to loss networks. One whose download fails is left out, which
        one line of the log tells.

    Raises:
        FileNotFoundError: If a file that `judges` names does not exist.
        ValueError: If there is no such judge, or a file is damaged or of another
            network.
    """
    networks = {}
    for name, weights in choose_judges(judges, config).items():
        try:
            networks[name] = load_judge(name, weights)
        except ValueError:
            if weights != "imagenet":
                raise
            logging.warning(
                "%s does not judge, as its weights could not be downloaded. Pass a "
                "file with them: --judges=%s=FILE",
                name,
                name,
            )
    return networks


def load_judge(name: str, weights: str):
    """Loads the network of a judge, as deep as it looks.

    Args:
        name: A name in `judge_specs.JUDGES`.
        weights: As for `make_loss_network`.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is damaged or of another network, or a download fails.
    """
    spec = JUDGES[name]
    layers = tuple(dict.fromkeys((*spec.style.layers, *spec.content_layers)))
    return make_loss_network(name, layers, weights=weights, padding=spec.style.padding)


def choose_judges(judges, config) -> dict[str, str]:
    """Returns the networks to judge by: all whose weights are here.

    Args:
        judges: Names of networks, each with `=` and its weights behind it: a file, or
            `imagenet`, such as `resnet50=resnet50.npz`.
        config: The training's `TrainConfig`, whose files of weights judge too; None if
            it is not known.

    Returns:
        Dict from name to weights, in the order of `JUDGES`. A network that is not
        named with weights, and whose weights are not here, is left out, which one line
        of the log tells.

    Raises:
        ValueError: If there is no such judge.
    """
    asked = _read_judges(judges)
    chosen = {}
    for name in JUDGES:
        weights = asked.get(name) or _find(name, config)
        if weights is None:
            logging.warning(
                "%s does not judge, as its weights are not here. To have it judge: %s",
                name,
                say_what_to_pass(name, f"--judges={name}"),
            )
        else:
            chosen[name] = weights
    return chosen


def _read_judges(judges):
    asked = {}
    for text in judges:
        name, _, weights = text.partition("=")
        if name not in JUDGES:
            raise ValueError(
                f"`judges` must be of {', '.join(JUDGES)}. "
                f"Received: {name!r}.{suggest(name, JUDGES)}"
            )
        asked[name] = weights
    return asked


def _find(name, config):
    terms = config.terms.values() if config else ()
    named = [term.network_weights for term in terms if term.network == name]
    for weights in (*named, ""):
        # Features of random weights are nothing to judge by.
        if weights != "random" and (found := find_weights(name, weights)):
            return found
    return None
