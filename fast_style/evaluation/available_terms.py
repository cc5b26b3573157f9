"""Which terms of a training's loss can be computed with the weights that are here."""

import dataclasses

from absl import logging

from fast_style.config.loss_config import LossConfig
from fast_style.config.loss_terms import EVERY
from fast_style.config.loss_terms import KINDS
from fast_style.config.train_config import TrainConfig
from fast_style.evaluation.available_weights import find_weights
from fast_style.evaluation.available_weights import say_what_to_pass


def keep_available_terms(
    loss_config: LossConfig, config: TrainConfig | None, options=()
) -> LossConfig:
    """Leaves the terms out of a loss whose loss networks cannot be had.

    Where no style or no content is left, the default terms are taken. Either is told
    by a line of the log.

    Args:
        loss_config: The loss.
        config: The training's; None: nothing is left out.
        options: Names of the fields that the caller gave. A term whose weights are
            among them stays as it is.
    """
    missing = [
        name
        for name in (loss_config.used_terms if config else ())
        if not _can_be_had(name, loss_config, config, options)
    ]
    if not missing:
        return loss_config
    for name in missing:
        network = loss_config.terms[name].network
        logging.warning(
            "The term %r is left out of the loss, as the weights of %s that it was "
            "trained with are not here. To have it: %s",
            name,
            network,
            say_what_to_pass(network, f"--terms.{name}.network_weights"),
        )
    terms = {k: term for k, term in loss_config.terms.items() if k not in missing}
    kept = dataclasses.replace(loss_config, terms=terms)
    if {term.kind for term in kept.used_terms.values()} == set(KINDS):
        return kept
    logging.warning("Too little of the loss is left: the default terms are taken.")
    return dataclasses.replace(loss_config, terms=LossConfig().terms)


def _can_be_had(name, loss_config, config, options):
    named = ("terms", f"terms.{EVERY}.network_weights", f"terms.{name}.network_weights")
    term, trained = loss_config.terms[name], config.terms.get(name)
    # What the caller says of weights is to be obeyed, or an error.
    if not set(named).isdisjoint(options) or trained is None:
        return True
    if (term.network, term.network_weights) != (
        trained.network,
        trained.network_weights,
    ):
        return True
    return find_weights(term.network, term.network_weights) is not None
