import contextlib
import copy
import dataclasses

import pytest

from fast_style.config.config_files import read_config
from fast_style.config.loss_config import LossConfig
from fast_style.config.renames import rename
from fast_style.config.renames import RENAMED_FIELDS
from fast_style.config.serialization import from_json
from fast_style.config.serialization import to_json
from fast_style.config.train_config import TrainConfig


def make_config(**options):
    return TrainConfig(style_image="style.jpg", train_images="photos", **options)


@contextlib.contextmanager
def warned_here(match):
    """The warning must name this file, which is the caller's."""
    with pytest.warns(FutureWarning, match=match) as caught:
        yield
    assert [each.filename for each in caught] == [__file__]


def test_an_old_name_is_taken_with_a_warning():
    with warned_here("`loss_shift` is called `loss_jitter` now"):
        config = make_config(loss_shift=3)

    assert config.loss_jitter == 3


def test_an_old_name_is_answered_with_a_warning():
    config = make_config(loss_jitter=3)

    with warned_here("`loss_jitter`"):
        assert config.loss_shift == 3


def test_an_old_name_is_set_with_a_warning():
    config = make_config()

    with warned_here("`loss_jitter`"):
        config.loss_shift = 5

    assert config.loss_jitter == 5


def test_an_old_name_replaces_the_value_of_the_new_one():
    with pytest.warns(FutureWarning, match="`loss_shift` is called `loss_jitter` now"):
        config = dataclasses.replace(make_config(loss_jitter=5), loss_shift=3)

    assert config.loss_jitter == 3


@pytest.mark.parametrize("weights", ["imagenet", "random", "vgg16.h5", "vgg16.npy"])
def test_weights_that_only_vgg_has_are_its(weights):
    with pytest.warns(FutureWarning, match="is taken as weights of VGG16"):
        config = dataclasses.replace(LossConfig(), loss_network_weights=weights)

    assert config.loss_network == "vgg16"


def test_an_npz_file_of_the_pocket_network_stays_one():
    config = LossConfig(loss_network="pocket", loss_network_weights="pocket.npz")

    assert config.loss_network == "pocket"


def test_a_pickled_config_of_that_time_is_read():
    config = make_config(loss_jitter=2)
    state = {**vars(config), "loss_shift": 3, "style_distance": "plain"}
    del state["loss_jitter"]

    config = copy.copy(config)
    config.__setstate__(state)

    assert (config.loss_jitter, config.style_distance) == (3, "l2")


def test_an_old_value_is_taken_with_a_warning():
    with warned_here("`style_distance='plain'` is called 'l2' now"):
        config = LossConfig(style_distance="plain")

    assert config.style_distance == "l2"


@pytest.mark.parametrize("weights", ["imagenet", "random", "vgg16.npz"])
def test_weights_without_a_network_are_meant_for_vgg16(weights):
    with warned_here("taken as weights of VGG16"):
        config = LossConfig(loss_network_weights=weights)

    assert (config.loss_network, config.loss_network_weights) == ("vgg16", weights)


def test_weights_with_a_network_are_those_of_the_network():
    config = LossConfig(loss_network="pocket", loss_network_weights="mine.npz")

    assert config.loss_network == "pocket"


def test_the_pocket_weights_are_the_pocket_network():
    with warned_here("`loss_network='pocket'`"):
        config = LossConfig(loss_network="vgg16", loss_network_weights="pocket")

    assert (config.loss_network, config.loss_network_weights) == ("pocket", "")


def test_json_of_an_earlier_version_is_read_without_a_warning():
    text = to_json(make_config(loss_jitter=3, style_distance="l2"))
    for new, old in (
        ('"loss_jitter"', '"loss_shift"'),
        ('"l2"', '"plain"'),
        ('"loss_network": "pocket"', '"loss_network": "vgg16"'),
        ('"loss_network_weights": ""', '"loss_network_weights": "pocket"'),
    ):
        assert new in text
        text = text.replace(new, old)

    assert from_json(text) == make_config(loss_jitter=3)


def test_an_old_name_on_the_command_line_is_taken_with_a_warning():
    with warned_here("`loss_jitter`"):
        config = read_config("smoke", ["--config.loss_shift=3"])

    assert config.loss_jitter == 3


def test_weights_on_the_command_line_are_those_of_the_network_in_the_file():
    config = read_config("smoke", ["--config.loss_network_weights=imagenet"])

    assert config.loss_network == "vgg16"
    with warned_here("taken as weights of VGG16"):
        config = read_config("great_wave", ["--config.loss_network_weights=random"])
    assert config.loss_network == "vgg16"


def test_present_names_stay_as_they_are():
    fields = {"loss_jitter": 3, "style_distance": "l2", "loss_network_weights": ""}

    assert rename(fields) == (fields, [])


def test_what_is_renamed_has_a_field():
    names = {field.name for field in dataclasses.fields(TrainConfig)}

    assert set(RENAMED_FIELDS.values()) <= names
    assert not set(RENAMED_FIELDS) & names
