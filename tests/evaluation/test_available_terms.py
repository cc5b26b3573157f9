"""Losses of trainings whose weights are here, or are not."""

import dataclasses
import logging

import pytest

from fast_style.config.loss_config import LossConfig
from fast_style.config.loss_terms import ContentTerm
from fast_style.config.loss_terms import StyleTerm
from fast_style.config.train_config import TrainConfig
from fast_style.evaluation.available_terms import keep_available_terms

HERE = {
    "content": ContentTerm(network="pocket", layers="relu2_2"),
    "strokes": StyleTerm(network="pocket", layers="relu1_1"),
}
GONE = {
    "motifs": StyleTerm(network="vgg19", network_weights="a.npz", layers="relu4_1"),
    "shapes": ContentTerm(network="resnet50", layers="layer2.2"),
}


@pytest.fixture(autouse=True)
def no_downloads(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))


def make_config(terms):
    return TrainConfig(style_image="x.jpg", train_images="photos", terms=terms)


def test_terms_whose_weights_are_not_here_are_left_out_with_a_line_each(caplog):
    config = make_config({**HERE, **GONE})
    with caplog.at_level(logging.INFO):
        kept = keep_available_terms(config, config)

    assert kept.terms == HERE
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 2
    assert "'motifs'" in lines[0]
    assert "--terms.motifs.network_weights=FILE" in lines[0]
    assert "resnet50" in lines[1]


def test_those_that_are_here_stay_as_they_are(caplog):
    config = make_config(HERE)

    assert keep_available_terms(config, config) is config
    assert not caplog.records


def test_terms_without_weight_are_nothing_to_tell_of(caplog):
    unused = {k: dataclasses.replace(v, weight=0.0) for k, v in GONE.items()}
    config = make_config({**HERE, **unused})

    assert keep_available_terms(config, config) is config
    assert not caplog.records


def test_where_too_little_is_left_the_default_terms_are_taken(caplog):
    config = make_config({"strokes": HERE["strokes"], "shapes": GONE["shapes"]})

    kept = keep_available_terms(config, config)

    assert kept.terms == LossConfig().terms
    assert "the default terms are taken" in caplog.records[-1].getMessage()


@pytest.mark.parametrize("name", ["terms.all.network_weights", "terms", None])
def test_weights_that_the_caller_names_are_obeyed(name, tmp_path, caplog):
    config = make_config({**HERE, **GONE})
    path = str(tmp_path / "there")
    changed = {k: dataclasses.replace(v, network_weights=path) for k, v in GONE.items()}
    loss_config = config if name else make_config({**HERE, **changed})

    kept = keep_available_terms(loss_config, config, {name: "imagenet"})

    assert kept is loss_config
    assert not caplog.records


def test_of_a_style_that_does_not_tell_nothing_is_left_out():
    loss_config = LossConfig()

    assert keep_available_terms(loss_config, None) is loss_config
